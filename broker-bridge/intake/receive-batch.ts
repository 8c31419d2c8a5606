import type { CustomerEventStore } from './store/store.ts';
import type { Delivery } from '../nats/broker.ts';
import { reasonOf, type Log } from '../component.ts';
import { caseAt, envelopeOf, type Envelope } from './envelope.ts';
import type { Metrics } from './metrics.ts';
import { readEvent, type EventRegistry } from './read-event.ts';
import { recordBatch } from './record-batch.ts';
import { postpone, type ResolveEvent } from './resolve-event.ts';

/** Messages come from one stream, are read by the registry and recorded in the store. */
export interface ReceiveOptions {
  readonly store: Pick<CustomerEventStore, 'record'>;
  /** The stream as it is now. */
  readonly stream: { readonly key: string; readonly created: string };
  readonly registry: EventRegistry;
  readonly resolveEvent: ResolveEvent;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Called when the turn of a deferred event may have come. */
  onProgress(): void;
}

/**
 * Records a batch, and begins to resolve its messages. Resolves when all are recorded; `resolved` when all are
 * resolved.
 */
export type ReceiveBatch = (deliveries: readonly Delivery[]) => Promise<{ readonly resolved: Promise<unknown> }>;

/** A message that is delivered again while it is under way here is dropped: the first delivery goes on. */
export function createReceiveBatch(options: ReceiveOptions): ReceiveBatch {
  const { stream, registry, resolveEvent, metrics, log, onProgress } = options;
  const underWay = new Set<number>();

  const resolveOne = async (...given: Parameters<ResolveEvent>): Promise<void> => {
    await resolveEvent(...given);
    underWay.delete(given[0].streamSequence);
    onProgress();
  };

  const postponeAll = (failed: readonly { readonly delivery: Delivery; readonly error: unknown }[]): void => {
    const [first] = failed;
    if (!first) return;
    const details = { error: reasonOf(first.error), events: failed.length };
    log.warn(details, 'Customer events cannot be recorded now; they are asked for again later');
    for (const { delivery } of failed) {
      underWay.delete(delivery.streamSequence);
      postpone(delivery, metrics);
    }
  };

  return async (deliveries) => {
    const received = deliveries.flatMap((delivery) => {
      if (underWay.has(delivery.streamSequence)) return [];
      underWay.add(delivery.streamSequence);
      return [{ delivery, envelope: readAt(delivery, stream, registry) }];
    });
    const entries = received.length > 0 ? await recordBatch(options, received) : [];
    postponeAll(entries.flatMap((entry) => ('error' in entry ? [entry] : [])));
    const recorded = entries.flatMap((entry) => ('error' in entry ? [] : [entry]));
    metrics.count('recorded', recorded.length);
    onProgress();
    return { resolved: Promise.all(recorded.map((one) => resolveOne(one.delivery, one.decision, one.recorded))) };
  };
}

const readAt = (delivery: Delivery, { created }: ReceiveOptions['stream'], registry: EventRegistry): Envelope =>
  envelopeOf({
    sequence: delivery.streamSequence,
    message: delivery,
    event: readEvent(delivery, registry),
    ownCase: caseAt(created, delivery.streamSequence),
  });
