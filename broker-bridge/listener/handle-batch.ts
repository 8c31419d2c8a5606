import type { Fact } from '../../contracts/facts.ts';
import { InboxAway, type Inbox } from '../../prisma/stores/inbox.ts';
import type { Broker, Delivery } from '../broker.ts';
import { decodeFact } from '../cloud-events.ts';
import { reasonOf, type Log } from '../log.ts';
import { backoff } from '../rest.ts';
import type { Listener } from './declaration.ts';
import { areThoseBeforeGone } from './gap.ts';
import { takeFactsOf } from './take-facts.ts';

/** What handling deliveries needs. */
export interface HandlingOptions {
  readonly listener: Listener;
  readonly inbox: Inbox;
  readonly broker: Pick<Broker, 'held'>;
  readonly log: Log;
}

/** Handles deliveries to their end: each is acknowledged after the commit of its effect, or asked for again later. Never rejects. */
export type HandleBatch = (deliveries: readonly Delivery[]) => Promise<void>;

interface Received {
  readonly fact: Fact;
  readonly delivery: Delivery;
}

const pauses = {
  early: { first: 100, longest: 5_000 },
  failed: { first: 1_000, longest: 60_000 },
  away: { first: 500, longest: 5_000 },
};
/** Having come too early so often, it is asked whether the facts before it still exist; and somebody is told. */
const oftenEarly = 3;

/** One transaction for all of a batch; when that fails one for each fact, so that a bad one does not keep the others. */
export function createBatchHandler({ listener, inbox, broker, log }: HandlingOptions): HandleBatch {
  const take = takeFactsOf(listener);

  const takeAll = async (received: readonly Received[]): Promise<void> => {
    const facts = received.map(({ fact }) => fact);
    const early = await inbox.transaction((tx) => take(tx, facts));
    const done = received.filter(({ fact }) => !early.has(fact.id));
    await acknowledge(done, log);
    for (const one of received) if (early.has(one.fact.id)) await waitForThoseBefore(one).catch(comeAgain(one));
  };

  const waitForThoseBefore = async (one: Received): Promise<void> => {
    const { fact, delivery } = one;
    if (delivery.timesDelivered % oftenEarly !== 0) return postpone(delivery, pauses.early);
    if (!(await areThoseBeforeGone(fact, delivery, broker))) {
      log.warn(tellOf(one), 'A fact waits for those of its key that come before it');
      return postpone(delivery, pauses.early);
    }
    log.error(tellOf(one), 'The stream no longer holds the facts before this one: going on without them');
    await inbox.transaction((tx) => take(tx, [fact], new Set([fact.id])));
    await acknowledge([one], log);
  };

  const comeAgain = (one: Received) => (error: unknown) => {
    log.error({ error: reasonOf(error), ...tellOf(one) }, 'A fact could not be taken; it is asked for again later');
    postpone(one.delivery, pauses.failed);
  };

  return async (deliveries) => {
    const received = deliveries.flatMap((delivery) => decoded(delivery, log));
    if (received.length === 0) return;
    await takeAll(received).catch(async (error: unknown) => {
      if (error instanceof InboxAway) return postponeAll(received, error, log);
      for (const one of received) await takeAll([one]).catch(comeAgain(one));
    });
  };
}

function decoded(delivery: Delivery, log: Log): readonly Received[] {
  try {
    return [{ delivery, fact: decodeFact(delivery) }];
  } catch (error) {
    log.error({ error: reasonOf(error), ...placeOf(delivery) }, 'A message is no fact; it is asked for again later');
    postpone(delivery, pauses.failed);
    return [];
  }
}

/** Unconfirmed acknowledgements only mean that the facts come again, and are dropped as seen. */
async function acknowledge(received: readonly Received[], log: Log): Promise<void> {
  const answers = await Promise.allSettled(received.map(({ delivery }) => delivery.acknowledge()));
  const refused = answers.find((answer) => answer.status === 'rejected');
  if (refused) log.info({ error: reasonOf(refused.reason) }, 'Acknowledgements were not confirmed');
}

function postponeAll(received: readonly Received[], error: InboxAway, log: Log): void {
  log.warn(
    { error: reasonOf(error), facts: received.length },
    'PostgreSQL is away; the facts are asked for again later',
  );
  for (const { delivery } of received) postpone(delivery, pauses.away);
}

const postpone = (delivery: Delivery, pause: { first: number; longest: number }): void =>
  delivery.postpone(backoff(delivery.timesDelivered, pause));

const placeOf = ({ subject, streamSequence, timesDelivered }: Delivery) => ({
  subject,
  streamSequence,
  timesDelivered,
});

const tellOf = ({ fact, delivery }: Received) => ({
  fact: fact.id,
  name: fact.name,
  key: fact.key,
  sequence: fact.sequence,
  ...placeOf(delivery),
});
