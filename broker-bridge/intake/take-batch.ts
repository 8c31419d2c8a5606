import type { CustomerEventStore } from '../../prisma/stores/customer-events/store.ts';
import type { Delivery } from '../broker.ts';
import { reasonOf, type Log } from '../log.ts';
import { backoff } from '../rest.ts';
import { decideAll, type Decision } from './decide.ts';
import type { Meter } from './meter.ts';
import { caseAt, type Queued } from './queued.ts';
import { readEvent, type Kinds } from './read-event.ts';
import type { Settle } from './settle.ts';

/** What taking messages off the queue needs. */
export interface TakeOptions {
  readonly store: Pick<CustomerEventStore, 'record'>;
  /** The stream as it is now. */
  readonly stream: { readonly key: string; readonly created: string };
  readonly kinds: Kinds;
  readonly settle: Settle;
  readonly meter: Meter;
  readonly log: Log;
  /** Called when something may have become free. */
  onProgress(): void;
}

/** Records a batch; then each message goes its way. Resolves when all are written down, with when all have come to their end. */
export type TakeBatch = (deliveries: readonly Delivery[]) => Promise<{ readonly settled: Promise<unknown> }>;

const pauses = { first: 500, longest: 5_000 };

/** Messages that come again while they are under way here are left to those that are. */
export function createTakeBatch({ store, stream, kinds, settle, meter, log, onProgress }: TakeOptions): TakeBatch {
  const underWay = new Set<number>();

  const settleOne = async (delivery: Delivery, ...rest: Tail<Parameters<Settle>>): Promise<void> => {
    await settle(delivery, ...rest);
    underWay.delete(delivery.streamSequence);
    onProgress();
  };

  const postponeAll = (deliveries: readonly Delivery[], error: unknown): void => {
    log.warn(
      { error: reasonOf(error), events: deliveries.length },
      'Customer events cannot be recorded now; they are asked for again later',
    );
    meter.count('postponed', deliveries.length);
    for (const delivery of deliveries) {
      underWay.delete(delivery.streamSequence);
      delivery.postpone(backoff(delivery.timesDelivered, pauses));
    }
  };

  return async (deliveries) => {
    const taken = deliveries.filter(({ streamSequence }) => !underWay.has(streamSequence));
    if (taken.length === 0) return { settled: Promise.resolve() };
    for (const { streamSequence } of taken) underWay.add(streamSequence);
    const batch = taken.map((delivery) => queuedFrom(delivery, stream.created, kinds));
    try {
      const { decisions, recorded } = await recordAll(store, stream.key, batch);
      meter.count('recorded', taken.length);
      onProgress();
      const ends = taken.map((delivery, index) => settleOne(delivery, decisions[index] ?? { as: 'repeat' }, recorded));
      return { settled: Promise.all(ends) };
    } catch (error) {
      postponeAll(taken, error);
      return { settled: Promise.resolve() };
    }
  };
}

type Tail<Given extends readonly unknown[]> = Given extends readonly [unknown, ...infer Rest] ? Rest : never;

const queuedFrom = (delivery: Delivery, streamCreated: string, kinds: Kinds): Queued => ({
  sequence: delivery.streamSequence,
  message: delivery,
  event: readEvent(delivery, kinds),
  ownCase: caseAt(streamCreated, delivery.streamSequence),
});

/** The decisions fall inside the transaction: nothing else is recorded between what is known and what is written. */
async function recordAll(store: TakeOptions['store'], stream: string, batch: readonly Queued[]) {
  let decisions: readonly Decision[] = [];
  const recorded = await store.record({
    stream,
    asked: batch.map(({ sequence, event }) => ({
      sequence,
      key: event.identity && { source: event.identity.source, eventId: event.identity.id },
      workflowId: event.ok ? event.start.workflowId : null,
      bodyHash: event.bodyHash,
      claimedCase: event.claimedCase,
    })),
    decide(known) {
      decisions = decideAll(batch, known);
      return decisions.flatMap((decision) => (decision.as === 'repeat' ? [] : [decision.row]));
    },
  });
  return { decisions, recorded };
}
