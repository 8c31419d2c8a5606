import type { CustomerEventStore, Recorded } from './store/store.ts';
import type { Delivery } from '../nats/broker.ts';
import { reasonOf, type Log } from '../component.ts';
import { decideAll, type Decision } from './decide.ts';
import { strippedOf, type Queued } from './queued.ts';

/** What recording messages needs. */
export interface RecordOptions {
  readonly store: Pick<CustomerEventStore, 'record'>;
  /** The stream as it is now. */
  readonly stream: { readonly key: string };
  readonly log: Log;
}

/** A message off the queue, read. */
export interface Taken {
  readonly delivery: Delivery;
  readonly queued: Queued;
}

/** What was decided about a message, and where its row stands; or why it could not be written down. */
export type Entry =
  | {
      readonly delivery: Delivery;
      readonly decision: Decision;
      readonly recorded: ReadonlyMap<string, Recorded>;
    }
  | { readonly delivery: Delivery; readonly error: unknown };

/** Records messages in one transaction. What PostgreSQL does not take of one of them holds up no other. Never rejects. */
export async function recordBatch(options: RecordOptions, taken: readonly Taken[]): Promise<readonly Entry[]> {
  try {
    return await recordTogether(options, taken);
  } catch (error) {
    if (!isOfData(error)) return taken.map(({ delivery }) => ({ delivery, error }));
    const entries: Entry[] = [];
    for (const one of taken) entries.push(...(await recordAlone(options, one)));
    return entries;
  }
}

/** Of SQLSTATE: it is the data that PostgreSQL does not take. */
const isOfData = (error: unknown): boolean => /^(22|54)/.test(String((error as { readonly code?: unknown }).code));

async function recordAlone(options: RecordOptions, one: Taken): Promise<readonly Entry[]> {
  const { delivery } = one;
  const failed = (error: unknown) => [{ delivery, error }];
  try {
    return await recordTogether(options, [one]);
  } catch (error) {
    if (!isOfData(error)) return failed(error);
    const details = { error: reasonOf(error), streamSequence: delivery.streamSequence };
    options.log.warn(details, 'The mediator store cannot keep what is in a customer event; it is handed over');
    return recordTogether(options, [{ delivery, queued: strippedOf(one.queued) }]).catch(failed);
  }
}

/** The decisions fall inside the transaction: nothing else is recorded between what is known and what is written. */
async function recordTogether({ store, stream }: RecordOptions, taken: readonly Taken[]): Promise<readonly Entry[]> {
  const batch = taken.map(({ queued }) => queued);
  let decisions: readonly Decision[] = [];
  const recorded = await store.record({
    stream: stream.key,
    asked: batch.map(askedOf),
    decide(known) {
      decisions = decideAll(batch, known);
      return decisions.flatMap((decision) => (decision.as === 'repeat' ? [] : [decision.row]));
    },
  });
  return taken.map(({ delivery }, index) => ({ delivery, decision: decisions[index] ?? nothingToDo, recorded }));
}

const nothingToDo = { as: 'repeat', settles: null } as const;

const askedOf = ({ sequence, event, otherKey }: Queued) => ({
  sequence,
  key: event.identity && { source: event.identity.source, eventId: event.identity.id },
  otherKey,
  workflowId: event.ok ? event.start.workflowId : null,
  bodyHash: event.bodyHash,
  claimedCase: event.claimedCase,
});
