import { factStream, type Fact } from '../../contracts/facts.ts';
import { InboxAway, type Inbox } from '../../prisma/stores/inbox.ts';
import type { Broker, Delivery } from '../broker.ts';
import { decodeFact } from '../cloud-events.ts';
import type { Listener } from '../listener.ts';
import type { Log } from '../log.ts';
import { backoff } from '../rest.ts';
import { takeFactsOf, type TakeFacts } from './take-facts.ts';

/** A fact with the delivery it came by. */
interface Received {
  readonly fact: Fact;
  readonly delivery: Delivery;
}

/** What handling deliveries needs. */
export interface HandlingOptions {
  readonly listener: Listener;
  readonly inbox: Inbox;
  readonly broker: Pick<Broker, 'held'>;
  readonly log: Log;
}

const pauses = {
  early: { first: 100, longest: 5_000 },
  failed: { first: 1_000, longest: 60_000 },
  away: { first: 500, longest: 5_000 },
};
/** How often a fact has come too early before it is asked whether those before it still exist. */
const earlyOften = 3;

/** Handles deliveries to their end: each is acknowledged after the commit of its effect, or asked for again later. Never rejects. */
export type HandleBatch = (deliveries: readonly Delivery[]) => Promise<void>;

/** One transaction for all; when that fails, one for each, so that one bad fact does not keep the others. */
export function createBatchHandler(options: HandlingOptions): HandleBatch {
  const { inbox, listener, log } = options;
  const take = takeFactsOf(listener);
  return async (deliveries) => {
    const received = deliveries.flatMap((delivery) => decoded(delivery, options));
    if (received.length === 0) return;
    try {
      await handle(received, take, options);
    } catch (error) {
      if (received.length === 1 || error instanceof InboxAway) return postponeAll(received, error, options);
      log.warn({ error, facts: received.length }, 'Facts could not be taken together; taking them one by one');
      for (const one of received) {
        await handle([one], take, options).catch((reason: unknown) => postponeAll([one], reason, options));
      }
    }
  };

  async function handle(received: readonly Received[], takeFacts: TakeFacts, { broker }: HandlingOptions): Promise<void> {
    const gone = await aloneInTheStream(received, broker);
    const facts = received.map(({ fact }) => fact);
    const early = await inbox.transaction((tx) => takeFacts(tx, facts, gone));
    await settle(received, early);
  }
}
