import type { CustomerEventStore } from './store/store.ts';
import type { Delivery } from '../nats/broker.ts';
import { reasonOf, type Log } from '../component.ts';
import { backoff } from '../waiting.ts';
import type { Meter } from './meter.ts';
import { caseAt, queuedFrom, type Queued } from './queued.ts';
import { readEvent, type EventRegistry } from './read-event.ts';
import { recordBatch } from './record-batch.ts';
import type { Settle } from './settle.ts';

/** What taking messages off the queue needs. */
export interface TakeOptions {
  readonly store: Pick<CustomerEventStore, 'record'>;
  /** The stream as it is now. */
  readonly stream: { readonly key: string; readonly created: string };
  readonly kinds: EventRegistry;
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
export function createTakeBatch(options: TakeOptions): TakeBatch {
  const { stream, kinds, settle, meter, log, onProgress } = options;
  const underWay = new Set<number>();

  const settleOne = async (delivery: Delivery, ...rest: Tail<Parameters<Settle>>): Promise<void> => {
    await settle(delivery, ...rest);
    underWay.delete(delivery.streamSequence);
    onProgress();
  };

  const postponeAll = (failed: readonly { readonly delivery: Delivery; readonly error: unknown }[]): void => {
    const [first] = failed;
    if (!first) return;
    const details = { error: reasonOf(first.error), events: failed.length };
    log.warn(details, 'Customer events cannot be recorded now; they are asked for again later');
    meter.count('postponed', failed.length);
    for (const { delivery } of failed) {
      underWay.delete(delivery.streamSequence);
      delivery.postpone(backoff(delivery.timesDelivered, pauses));
    }
  };

  return async (deliveries) => {
    const taken = deliveries.flatMap((delivery) => {
      if (underWay.has(delivery.streamSequence)) return [];
      underWay.add(delivery.streamSequence);
      return [{ delivery, queued: readAt(delivery, stream, kinds) }];
    });
    const entries = taken.length > 0 ? await recordBatch(options, taken) : [];
    postponeAll(entries.flatMap((entry) => ('error' in entry ? [entry] : [])));
    const recorded = entries.flatMap((entry) => ('error' in entry ? [] : [entry]));
    meter.count('recorded', recorded.length);
    onProgress();
    return { settled: Promise.all(recorded.map((one) => settleOne(one.delivery, one.decision, one.recorded))) };
  };
}

type Tail<Given extends readonly unknown[]> = Given extends readonly [unknown, ...infer Rest] ? Rest : never;

const readAt = (delivery: Delivery, { created }: TakeOptions['stream'], kinds: EventRegistry): Queued =>
  queuedFrom({
    sequence: delivery.streamSequence,
    message: delivery,
    event: readEvent(delivery, kinds),
    ownCase: caseAt(created, delivery.streamSequence),
  });
