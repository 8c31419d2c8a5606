import { factSubject, type Fact } from '../../contracts/facts.ts';
import { lastPrices, livePrices, priceStream } from '../../contracts/outside/prices.ts';
import { problemsOfFact } from '../../contracts/schemas/facts.ts';
import type { Broker, Message } from '../nats/broker.ts';
import { ensurePriceStream } from '../nats/our-streams.ts';
import { encodeFact, factIn } from './cloud-events.ts';
import { isNewer } from './inbox-tables.ts';

/** A price on the ticker: the fact that told it, as it is, on other subjects. */
export type PriceFact = Fact<'price-changed'>;

/**
 * Publishes a price and has it kept as the last one of its title, unless the stream keeps the same or a newer one: safe
 * to repeat, in any order, and from several processes at once.
 */
export async function publishPrice(
  broker: Pick<Broker, 'ensureStream' | 'held' | 'replaceLast'>,
  fact: PriceFact,
): Promise<void> {
  await ensurePriceStream(broker);
  const { headers, data } = encodeFact({ ...fact, body: JSON.stringify(fact.body) });
  const message = { subject: lastPrices(fact.key), headers, data };
  for (;;) {
    const kept = await keptPrice(broker, fact.key);
    if (kept?.fact && !isNewer(fact, kept.fact)) return;
    if (await broker.replaceLast(message, kept?.streamSequence ?? 0)) return;
  }
}

/** The message that is kept of a title; its fact is null when it is none, and any price may take its place. */
async function keptPrice(broker: Pick<Broker, 'held'>, isbn: string) {
  for await (const message of broker.held(priceStream.name, lastPrices(isbn)))
    return { streamSequence: message.streamSequence, fact: priceIn(message) };
  return null;
}

/** A price, and where it came from: `kept` is the last one from before, `live` one that came while we listened. */
export interface HeardPrice {
  readonly from: 'kept' | 'live';
  readonly fact: PriceFact;
}

interface FollowOptions {
  readonly broker: Pick<Broker, 'hear' | 'held'>;
  /** The titles; all of them when there are none. */
  readonly isbns: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * The last price of each title, then each new one: how one who comes late begins. It listens first and reads then, so
 * that no price falls in between; one that comes by both ways, or is older than what was heard, is left out.
 */
export async function* followPrices({ broker, isbns, signal }: FollowOptions): AsyncGenerator<HeardPrice> {
  const isNews = newsOnly(isbns);
  const left = new AbortController();
  const live = await broker.hear(livePrices('*'), AbortSignal.any([left.signal, ...(signal ? [signal] : [])]));
  try {
    for await (const fact of pricesIn(keptOf(broker, isbns))) if (isNews(fact)) yield { from: 'kept', fact };
    for await (const fact of pricesIn(live)) if (isNews(fact)) yield { from: 'live', fact };
  } finally {
    left.abort();
  }
}

/** Remembers the newest price of each title; true for one that is newer than that, of the titles that are wanted. */
function newsOnly(isbns: readonly string[]): (fact: PriceFact) => boolean {
  const newest = new Map<string, PriceFact>();
  return (fact) => {
    const known = newest.get(fact.key);
    if ((isbns.length > 0 && !isbns.includes(fact.key)) || (known && !isNewer(fact, known))) return false;
    newest.set(fact.key, fact);
    return true;
  };
}

async function* keptOf(broker: Pick<Broker, 'held'>, isbns: readonly string[]): AsyncGenerator<Message> {
  for (const isbn of isbns.length > 0 ? isbns : ['*']) yield* broker.held(priceStream.name, lastPrices(isbn));
}

/** A message that is no price is left out. */
async function* pricesIn(messages: AsyncIterable<Message>): AsyncGenerator<PriceFact> {
  for await (const message of messages) {
    const fact = priceIn(message);
    if (fact) yield fact;
  }
}

/** The price in a message of either subject; null when it is none. */
function priceIn(message: Message): PriceFact | null {
  const key = message.subject.split('.').at(-1) ?? '';
  const subject = factSubject({ area: 'stock', name: 'price-changed', key });
  const fact = factIn({ ...message, subject });
  return fact && problemsOfFact(fact.name, fact.body).length === 0 ? (fact as PriceFact) : null;
}
