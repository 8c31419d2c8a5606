import type { CustomerEventStore, Recorded } from './store/store.ts';
import type { Delivery } from '../nats/broker.ts';
import { reasonOf, type Log } from '../component.ts';
import { decideAll, type Decision } from './decide.ts';
import { sanitized, type Envelope } from './envelope.ts';

/** Messages of one stream are recorded in the store. */
export interface RecordOptions {
  readonly store: Pick<CustomerEventStore, 'record'>;
  /** The stream as it is now. */
  readonly stream: { readonly key: string };
  readonly log: Log;
}

/** A delivery with its envelope. */
export interface Received {
  readonly delivery: Delivery;
  readonly envelope: Envelope;
}

/** The decision about a message and the states of the recorded rows; or the error that kept it from being recorded. */
export type Entry =
  | {
      readonly delivery: Delivery;
      readonly decision: Decision;
      readonly recorded: ReadonlyMap<string, Recorded>;
    }
  | { readonly delivery: Delivery; readonly error: unknown };

/**
 * Records messages in one transaction. A message that PostgreSQL refuses does not hold up the others. Never rejects.
 */
export async function recordBatch(options: RecordOptions, received: readonly Received[]): Promise<readonly Entry[]> {
  try {
    return await recordTogether(options, received);
  } catch (error) {
    if (!isOfData(error)) return received.map(({ delivery }) => ({ delivery, error }));
    const entries: Entry[] = [];
    for (const one of received) entries.push(...(await recordAlone(options, one)));
    return entries;
  }
}

/** By SQLSTATE: PostgreSQL refuses the data. */
const isOfData = (error: unknown): boolean => /^(22|54)/.test(String((error as { readonly code?: unknown }).code));

async function recordAlone(options: RecordOptions, one: Received): Promise<readonly Entry[]> {
  const { delivery } = one;
  const failed = (error: unknown) => [{ delivery, error }];
  try {
    return await recordTogether(options, [one]);
  } catch (error) {
    if (!isOfData(error)) return failed(error);
    const details = { error: reasonOf(error), streamSequence: delivery.streamSequence };
    options.log.warn(details, 'The mediator store cannot keep what is in a customer event; it is a dead letter');
    return recordTogether(options, [{ delivery, envelope: sanitized(one.envelope) }]).catch(failed);
  }
}

/** Decides inside the transaction: nothing else is recorded between reading what is known and writing the rows. */
async function recordTogether(
  { store, stream }: RecordOptions,
  received: readonly Received[],
): Promise<readonly Entry[]> {
  const batch = received.map(({ envelope }) => envelope);
  let decisions: readonly Decision[] = [];
  const recorded = await store.record({
    stream: stream.key,
    asked: batch.map(askedOf),
    decide(known) {
      decisions = decideAll(batch, known);
      return decisions.flatMap((decision) => (decision.as === 'repeat' ? [] : [decision.row]));
    },
  });
  return received.map(({ delivery }, index) => ({ delivery, decision: decisions[index] ?? nothingToDo, recorded }));
}

const nothingToDo = { as: 'repeat', acceptedCase: null } as const;

const askedOf = ({ sequence, event, otherKey }: Envelope) => ({
  sequence,
  key: event.identity && { source: event.identity.source, eventId: event.identity.id },
  otherKey,
  workflowId: event.ok ? event.start.workflowId : null,
  bodyHash: event.bodyHash,
  claimedCase: event.claimedCase,
});
