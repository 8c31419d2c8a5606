import { runnerOn, type RowFrom, type SqlRunner } from '../../../prisma/statement.ts';
import { openPool, within } from '../../../prisma/transaction.ts';
import * as progress from './progress.ts';
import * as recording from './recording.ts';
import type {
  Asked,
  DeadLettered,
  DeferredEvent,
  EventKey,
  Known,
  NewRow,
  Recorded,
  Resubmitted,
  Resumed,
  Started,
} from './rows.ts';

export type * from './rows.ts';

/** A batch of messages that are recorded together. */
export interface Batch {
  /** The stream's name and the instant it was made. */
  readonly stream: string;
  readonly asked: readonly Asked[];
  /** Decides by the known rows which rows are written. No other intake records between the two. */
  decide(known: readonly Known[]): readonly NewRow[];
}

/** Starts deferred events or sends them to the dead letters. */
export type Resume = (events: readonly DeferredEvent[]) => Promise<Resumed>;

/** An identity as one text. */
export const rowKey = ({ source, eventId }: EventKey): string => `${source}\n${eventId}`;

/**
 * The rows of queued events. Several intakes may write them: the stream's row in `mediator_store.recorded` makes them
 * agree.
 */
export type CustomerEventStore = ReturnType<typeof openCustomerEvents>;

/** Opens the store. Nothing is connected before the first use. */
export function openCustomerEvents(databaseUrl: string) {
  const pool = openPool(databaseUrl, { application_name: 'intake', max: 4 });
  const on = runnerOn(pool);
  const transaction = async <Result>(work: (on: SqlRunner) => Promise<Result>): Promise<Result> =>
    within(await pool.connect(), (client) => work(runnerOn(client)));
  return {
    /**
     * Records a batch in one transaction of four statements, and defers events that have to wait. Resolves with the
     * states of the rows, by `rowKey`.
     */
    record: (batch: Batch) => transaction((inside) => record(inside, batch)),
    markStarted: (events: readonly Started[]) => markStarted(on, events),
    /** Marks events dead-lettered that could not be started. */
    markDeadLettered: (events: readonly DeadLettered[]) => markDeadLettered(on, events),
    /** Marks the dead letter of a case repaired whose event was accepted without a row of its own. */
    markRepaired: async (caseId: string): Promise<void> => void (await on.execute(progress.markRepaired(caseId))),
    /**
     * Resubmitted events that were started by an intake that died before it notified their cases. They are to be marked
     * started again.
     */
    unnotified: (most: number): Promise<readonly Resubmitted[]> => on.run(progress.unnotifiedCases(most)),
    /**
     * Resumes the deferred events whose turn has come, each in one process only, and writes down the results. Events
     * without a result stay deferred, and all do when `resume` rejects or the process dies. Resolves with the number of
     * results.
     */
    resumeDeferred: (stream: string, most: number, resume: Resume) =>
      transaction((inside) => resumeDeferred(inside, { stream, most, resume })),
    /**
     * Counts up to `most` workflows that were started within the last minute and are not complete: the present load of
     * the mediators.
     */
    underWay: async (most: number) => (await on.run(progress.countUnderWay(most)))[0]?.underWay ?? 0,
    /** Counts the deferred events. `hasGap`: one of them waits for a message that no intake has recorded. */
    deferred: async (stream: string) =>
      (await on.run(progress.countDeferred(stream)))[0] ?? { deferred: 0, hasGap: false },
    /** Notes that no message before this sequence of the stream will come any more. */
    noteGone: async (stream: string, firstSequence: number): Promise<void> =>
      void (await on.execute(progress.noteGone(stream, firstSequence))),
    /** Marks the event of a message that JetStream gave up dead-lettered. False when the event had gone on before. */
    noteLost: async (stream: string, lost: progress.LostMessage) =>
      (await on.run(progress.noteLost(stream, lost)))[0]?.isLost ?? true,
    close: () => pool.end(),
  };
}

async function record(on: SqlRunner, { stream, asked, decide }: Batch): Promise<ReadonlyMap<string, Recorded>> {
  const [locked] = await on.run(recording.lockStream(stream));
  const base = locked?.base ?? 0;
  const found = await on.run(recording.lookUp(asked, base));
  const rows = decide(found.map(knownFrom));
  const sequences = asked.map(({ sequence }) => sequence);
  await on.execute(recording.writeRows(stream, base, rows, sequences));
  const recorded = await on.run(recording.deferWaiting(stream, rows));
  return new Map(recorded.map((row) => [rowKey(row), row]));
}

const knownFrom = ({ claimedCase, claimedPosition, ...known }: RowFrom<typeof recording.lookUp>): Known => ({
  ...known,
  claimed: claimedCase === null || claimedPosition === null ? null : { caseId: claimedCase, position: claimedPosition },
});

async function resumeDeferred(
  on: SqlRunner,
  { stream, most, resume }: { readonly stream: string; readonly most: number; readonly resume: Resume },
): Promise<number> {
  const rows = await on.run(progress.lockResumable(stream, most));
  if (rows.length === 0) return 0;
  const events = rows.map(({ subject, headers, body, ...event }) => ({
    ...event,
    message: { subject, headers, body },
  }));
  const { started, deadLettered } = await resume(events);
  await markStarted(on, started);
  await markDeadLettered(on, deadLettered);
  return started.length + deadLettered.length;
}

async function markStarted(on: SqlRunner, events: readonly Started[]): Promise<void> {
  if (events.length > 0) await on.execute(progress.markStarted(events));
}

async function markDeadLettered(on: SqlRunner, events: readonly DeadLettered[]): Promise<void> {
  if (events.length > 0) await on.execute(progress.markDeadLettered(events));
}
