import { toBinaryMode } from '../cloud-events/content-mode.ts';
import type { CustomerEventStore } from './store/store.ts';
import type { Delivery } from '../nats/broker.ts';
import { reasonOf, type Log } from '../component.ts';
import { decideAll } from './decide.ts';
import { caseAt, envelopeOf, sanitized, type Envelope } from './envelope.ts';
import type { Metrics } from './metrics.ts';
import { readEvent, type EventRegistry } from './read-event.ts';

/** Messages of the stream that was made at `created` are recorded in the store, in this term of the claim. */
export interface RecordOptions {
  readonly store: Pick<CustomerEventStore, 'lookUp' | 'write'>;
  readonly term: string;
  readonly created: string;
  readonly registry: EventRegistry;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Reads the messages and records them together: all have their rows when it resolves, and none has when it rejects. A
 * message that PostgreSQL refuses does not hold up the others.
 */
export async function recordBatch(options: RecordOptions, deliveries: readonly Delivery[]): Promise<void> {
  const { created, registry, metrics } = options;
  const batch = deliveries.map((delivery) => {
    const message = toBinaryMode(delivery);
    const ownCase = caseAt(created, delivery.streamSequence);
    return envelopeOf({ sequence: delivery.streamSequence, message, event: readEvent(message, registry), ownCase });
  });
  metrics.count('recorded', batch.length);
  try {
    await record(options, batch);
  } catch (error) {
    if (!isOfData(error)) throw error;
    for (const one of batch) await recordAlone(options, one);
  }
}

/** By SQLSTATE: PostgreSQL refuses the data. */
const isOfData = (error: unknown): boolean => /^(22|54)/.test(String((error as { readonly code?: unknown }).code));

async function recordAlone(options: RecordOptions, envelope: Envelope): Promise<void> {
  try {
    await record(options, [envelope]);
  } catch (error) {
    if (!isOfData(error)) throw error;
    const details = { error: reasonOf(error), streamSequence: envelope.sequence };
    options.log.warn(details, 'The mediator store cannot keep what is in a customer event; it is a dead letter');
    await record(options, [sanitized(envelope)]);
  }
}

/** No other intake records while this term of the claim lasts, so what was looked up still holds at the writing. */
async function record({ store, term, metrics }: RecordOptions, batch: readonly Envelope[]): Promise<void> {
  const decisions = decideAll(batch, await store.lookUp(batch.map(askedOf)));
  const rows = decisions.flatMap(({ row }) => row ?? []);
  await store.write(term, { rows, acceptedCases: decisions.flatMap(({ acceptedCase }) => acceptedCase ?? []) });
  metrics.count('repeats', batch.length - rows.length);
}

const askedOf = ({ ownCase, event, otherKey }: Envelope) => ({
  place: ownCase,
  key: event.identity && { source: event.identity.source, eventId: event.identity.id },
  otherKey,
  workflowId: event.ok && event.start ? event.workflowId : null,
  bodyHash: event.bodyHash,
  claimedCase: event.claimedCase,
});
