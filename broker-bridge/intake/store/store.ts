import pg from 'pg';
import { within } from '../../../prisma/transaction.ts';
import type {
  Asked,
  EventKey,
  HandedOver,
  Known,
  NewRow,
  DeferredEvent,
  Recorded,
  Released,
  Resubmitted,
  Started,
  StoredMessage,
} from './rows.ts';
import * as statements from './statements.ts';
import type { MediatorClass } from '../../../contracts/initiating-event.ts';

export type * from './rows.ts';

/** A batch of messages to be recorded at once. */
export interface Batch {
  /** The stream's name and the instant it was made. */
  readonly stream: string;
  readonly asked: readonly Asked[];
  /** Decides, with what is known, which rows are written. Nothing else is recorded between the two. */
  decide(known: readonly Known[]): readonly NewRow[];
}

/** The rows of queued events, as intakes write them. Several may: the stream's row in `mediator_store.recorded` makes them agree. */
export interface CustomerEventStore {
  /** Writes down a batch in one transaction of four statements, and parks what has to wait. Says where each row stands, by `keyOf`. */
  record(batch: Batch): Promise<ReadonlyMap<string, Recorded>>;
  markStarted(events: readonly Started[]): Promise<void>;
  /** For a case whose event went on without a row of its own: what it stands for is in nobody's way any more. */
  markRepaired(caseId: string): Promise<void>;
  /** Resubmitted events that went on while their case was not told, because whoever started them died: to be told, and marked started again. */
  untold(most: number): Promise<readonly Resubmitted[]>;
  /** For events that turned out bad when they were to be started. */
  markErroneous(events: readonly HandedOver[]): Promise<void>;
  /**
   * Gives the deferred events whose turn has come, each to one caller, and writes down what came of them; what was neither started nor handed over, and all
   * when it rejects or the process dies, stays deferred. Says how many there were.
   */
  release(
    stream: string,
    most: number,
    handle: (events: readonly DeferredEvent[]) => Promise<Released>,
  ): Promise<number>;
  /** How many events are deferred, and whether one waits for a message that no intake has seen. */
  /** Up to `most` flows that were started within the last minute and are not complete: what the mediators have before them. */
  underWay(most: number): Promise<number>;
  deferred(stream: string): Promise<{ readonly deferred: number; readonly hasGap: boolean }>;
  /** Nothing before this place of the stream will come any more. */
  noteGone(stream: string, firstSequence: number): Promise<void>;
  /** JetStream gave a message up: its event is erroneous from now on, under this case. False when it had gone on before. */
  noteLost(stream: string, lost: LostMessage): Promise<boolean>;
  close(): Promise<void>;
}

/** A message that JetStream does not deliver any more. */
export interface LostMessage {
  readonly sequence: number;
  readonly caseId: string;
  readonly customerId: string | null;
  readonly name: string;
  /** Null for a name that nobody knows. */
  readonly mediatorClass: MediatorClass | null;
}

/** An identity as one text. */
export const keyOf = ({ source, eventId }: EventKey): string => `${source}\n${eventId}`;

/** Opens the store. Nothing is connected before the first use. */
export function openCustomerEvents(databaseUrl: string): CustomerEventStore {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'intake',
    max: 4,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    keepAlive: true,
  });
  // The pool replaces a connection that breaks while nobody uses it.
  pool.on('error', () => undefined);
  return {
    record: async (batch) => within(await pool.connect(), (client) => record(client, batch)),
    markStarted: (events) => markStarted(pool, events),
    markErroneous: (events) => markErroneous(pool, events),
    markRepaired: async (caseId) => void (await pool.query(statements.markRepaired, [caseId])),
    untold: async (most) => (await pool.query<Resubmitted>(statements.untold, [most])).rows,
    release: async (stream, most, handle) =>
      within(await pool.connect(), (client) => release(client, stream, most, handle)),
    async underWay(most) {
      const { rows } = await pool.query<{ underWay: number }>(statements.countUnderWay, [most]);
      return rows[0]?.underWay ?? 0;
    },
    async deferred(stream) {
      const { rows } = await pool.query<{ deferred: number; hasGap: boolean }>(statements.countDeferred, [stream]);
      return rows[0] ?? { deferred: 0, hasGap: false };
    },
    noteGone: async (stream, firstSequence) => void (await pool.query(statements.noteGone, [stream, firstSequence])),
    async noteLost(stream, { sequence, caseId, customerId, name, mediatorClass }) {
      const given = [stream, sequence, caseId, customerId, name, mediatorClass];
      return (await pool.query<{ isLost: boolean }>(statements.noteLost, given)).rows[0]?.isLost ?? true;
    },
    close: () => pool.end(),
  };
}

async function record(client: pg.PoolClient, { stream, asked, decide }: Batch): Promise<ReadonlyMap<string, Recorded>> {
  const locked = await client.query<{ base: number }>(statements.lockStream, [stream]);
  const base = locked.rows[0]?.base ?? 0;
  const rows = decide(await lookUp(client, asked, base));
  const ranges = `{${asked.map(({ sequence }) => `[${base + sequence},${base + sequence}]`).join(',')}}`;
  await client.query(statements.writeRows, [stream, JSON.stringify(rows.map((row) => written(row, base))), ranges]);
  const judged = await client.query<EventKey & Recorded>(statements.judge, [stream, ...keysOf(rows)]);
  return new Map(judged.rows.map((row) => [keyOf(row), row]));
}

type Found = Omit<Known, 'claimed'> & { readonly claimedCase: string | null; readonly claimedPosition: number };

async function lookUp(client: pg.PoolClient, asked: readonly Asked[], base: number): Promise<readonly Known[]> {
  const given = asked.map(({ sequence, key, otherKey, workflowId, bodyHash, claimedCase }) => ({
    sequence,
    source: key?.source,
    event_id: key?.eventId,
    other_source: otherKey.source,
    other_id: otherKey.eventId,
    workflow_id: workflowId,
    body_hash: bodyHash,
    claimed_case: claimedCase,
  }));
  const { rows } = await client.query<Found>(statements.lookUp, [JSON.stringify(given), base]);
  return rows.map(({ claimedCase, claimedPosition, ...known }) => ({
    ...known,
    claimed: claimedCase === null ? null : { caseId: claimedCase, position: claimedPosition },
  }));
}

const written = (row: NewRow, base: number) => ({
  source: row.source,
  event_id: row.eventId,
  name: row.name,
  mediator_class: row.mediatorClass,
  waits_until: row.waitsUntil,
  customer_id: row.customerId,
  body_hash: row.bodyHash,
  workflow_id: row.workflowId,
  state: row.state,
  outcome: row.outcome,
  sequence: row.sequence,
  position: row.position ?? base + row.sequence,
  case_id: row.caseId,
  subject: row.message?.subject,
  headers: row.message?.headers,
  body: row.message && Buffer.from(row.message.body).toString('base64'),
});

async function release(
  client: pg.PoolClient,
  stream: string,
  most: number,
  handle: (events: readonly DeferredEvent[]) => Promise<Released>,
): Promise<number> {
  const { rows } = await client.query<Omit<DeferredEvent, 'message'> & StoredMessage>(statements.lockFree, [
    stream,
    most,
  ]);
  if (rows.length === 0) return 0;
  const events = rows.map(({ subject, headers, body, ...event }) => ({
    ...event,
    message: { subject, headers, body },
  }));
  const { started, handedOver } = await handle(events);
  await markStarted(client, started);
  await markErroneous(client, handedOver);
  return started.length + handedOver.length;
}

type Statements = Pick<pg.PoolClient, 'query'>;

async function markStarted(on: Statements, events: readonly Started[]): Promise<void> {
  if (events.length === 0) return;
  const cases = events.map(({ caseId }) => caseId);
  await on.query(statements.markStarted, [...keysOf(events), cases, events.map(({ hasEnded }) => hasEnded)]);
}

async function markErroneous(on: Statements, events: readonly HandedOver[]): Promise<void> {
  if (events.length === 0) return;
  await on.query(statements.markDeadLettered, [...keysOf(events), events.map(({ caseId }) => caseId)]);
}

const keysOf = (events: readonly EventKey[]): readonly [string[], string[]] => [
  events.map(({ source }) => source),
  events.map(({ eventId }) => eventId),
];
