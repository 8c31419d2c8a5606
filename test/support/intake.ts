import { Client, Connection } from '@temporalio/client';
import { connect, headers, type NatsConnection } from 'nats';
import pg from 'pg';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import { type DeadLetters, storable, storableHeaders } from '../../broker-bridge/dead-letter/dead-letters.ts';
import { startIntake, type IntakeLimits } from '../../broker-bridge/intake/intake.ts';
import type { EventRegistry } from '../../broker-bridge/intake/read-event.ts';
import type { Log, RunningComponent } from '../../broker-bridge/component.ts';
import { createRing } from '../../broker-bridge/intake/ring-bells.ts';
import { connectBroker } from '../../broker-bridge/nats/connect.ts';
import { encodeEvent, type CloudEvent } from '../../broker-bridge/intake/encode-event.ts';
import { ensureCustomerEventStream } from '../../broker-bridge/nats/our-streams.ts';
import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import type { DeadLetter, RepairCaseStore } from '../../contracts/mediators/repair.ts';
import { openDatabase } from '../../prisma/database.ts';
import { createRepairCaseStore } from '../../activities/repair/case-store.ts';
import { createRepairStore } from '../../activities/repair/store.ts';
import { eventRegistry } from '../../workers/resources.ts';
import { holdTables } from './hold-tables.ts';
import { openRig, type Rig, type RigParts } from './rig.ts';
import { until } from './until.ts';

/**
 * What tests of the intake work with: the queue, the ledger and Temporal of a rig, a customer mediator with the
 * processors of simple events, and a workflow processor that only writes down. An order is started and stays so, because
 * no order mediator runs.
 */
export interface IntakeBench {
  readonly rig: Rig;
  readonly client: Client;
  readonly broker: Broker;
  readonly nats: NatsConnection;
  readonly sql: pg.Pool;
  /** Everything logged, as `level: message`. */
  readonly told: readonly string[];
  readonly sentLetters: readonly { readonly event: DeadLetter; readonly isReturned: boolean }[];
  readonly accepted: readonly string[];
  readonly deadLetters: DeadLetters;
  /** Sends an event as a producer does; resolves with its place in the queue. */
  send(event: CloudEvent): Promise<number>;
  /** Sends any message. */
  sendRaw(raw: RawMessage): Promise<number>;
  /** Sends a case's message back, as the workflow processor does: its id ends with the number of the resubmission. */
  resubmit(caseId: string, message: RawMessage): Promise<number>;
  /** A person gives a case up, by the workflow processor's own statement, and its customer is rung for. */
  discard(caseId: string): Promise<void>;
  /** Keeps simple events from being done until the returned function is called. */
  holdCustomers(): Promise<() => Promise<void>>;
  startIntake(changes?: Partial<IntakeLimits>, registry?: EventRegistry): RunningComponent;
  rows(where?: string, values?: readonly unknown[]): Promise<readonly EventRow[]>;
  /** Resolves when the queue is empty, everything in it acknowledged, and every row rung for. */
  drained(within?: number): Promise<unknown>;
  /** The workflow of this id, as Temporal knows it; undefined when there is none. */
  flow(workflowId: string): Promise<{ readonly type: string; readonly runId: string } | undefined>;
}

export interface RawMessage {
  readonly subject: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data: Uint8Array | string;
}

export interface EventRow {
  readonly source: string;
  readonly eventId: string;
  readonly name: string;
  readonly state: string;
  readonly customerId: string | null;
  readonly workflowId: string | null;
  readonly sequence: number | null;
  readonly position: number | null;
  readonly caseId: string | null;
  readonly place: string | null;
  readonly isRung: boolean;
  readonly hasBody: boolean;
  readonly outcome: string | null;
}

/** The shop's own events. */
export const shopRegistry: EventRegistry = eventRegistry({});

const limits: IntakeLimits = { underWay: 300, batch: 100, acknowledgeWithin: 2_000 };

/** A simple event is really handled by these. */
const simpleEventWorkers = ['customer-mediator', 'order-placement', 'notification'] as const;

/** Opens a bench. Ended by `rig.close()`. Without workers no event goes on, and rows stay as the intake wrote them. */
export async function openIntakeBench(
  parts: RigParts = {},
  workers: readonly string[] = simpleEventWorkers,
): Promise<IntakeBench> {
  const rig = await openRig({ nats: true, temporal: true, smtpSink: true, ...parts });
  const told: string[] = [];
  const tell = (level: string) => (details: object, message: string) =>
    void told.push(`${level}: ${message} ${JSON.stringify(details)}`);
  const log: Log = { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') };
  const connection = await Connection.connect({ address: rig.temporal.address });
  rig.onClose(() => connection.close());
  const client = new Client({ connection, namespace: rig.temporal.namespace });
  const sql = new pg.Pool({ connectionString: rig.databaseUrl, max: 4, application_name: 'test' });
  sql.on('error', () => undefined);
  rig.onClose(() => sql.end());
  const nats = await connect({ servers: rig.nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  rig.onClose(() => nats.close());
  const broker = await connectBroker({ url: rig.nats.url, name: 'test', log });
  rig.onClose(() => broker.close());
  await ensureCustomerEventStream(broker);
  const database = openDatabase(rig.databaseUrl, { poolSize: 2 });
  rig.onClose(() => database.close());
  const desk = createDesk(sql, createRepairCaseStore(database));
  if (workers.length > 0) await rig.launchWorker(...workers);
  return {
    rig,
    client,
    broker,
    nats,
    sql,
    told,
    ...desk,
    send: async (event) => (await broker.publish(encodeEvent(event))).streamSequence,
    sendRaw: (raw) => sendRaw(nats, raw),
    async resubmit(caseId, { subject, headers: given = {}, data }) {
      const often = Number(/~(\d+)$/.exec(given['ce-id'] ?? '')?.[1]);
      const sending = `UPDATE repair.case SET state = 'resubmitted', resubmissions = $2 WHERE case_id = $1`;
      await sql.query(sending, [caseId, often]);
      return sendRaw(nats, { subject, headers: { ...given, 'repair-case': caseId }, data });
    },
    async discard(caseId) {
      await sql.query(`UPDATE repair.case SET state = 'waiting' WHERE case_id = $1`, [caseId]);
      const noted = { caseId, stepId: `${caseId}/discarded`, step: 'discarded', actor: 'test', details: {} } as const;
      if (!(await createRepairStore(database).discard(noted))) throw new Error(`${caseId} was not discarded.`);
      const [row] = await rowsOf(sql, 'case_id = $1', [caseId]);
      if (row?.customerId) await createRing(client)(row.customerId);
    },
    async holdCustomers() {
      const release = await holdTables(sql, ['order_placement.customer']);
      rig.onClose(release); // a test that fails before must not keep the pool from ending
      return release;
    },
    startIntake(changes = {}, registry = shopRegistry) {
      const { databaseUrl } = rig;
      const options = { databaseUrl, broker, client, deadLetters: desk.deadLetters, registry, log };
      const intake = startIntake({ ...options, limits: { ...limits, ...changes } });
      rig.onClose(() => intake.stop());
      return intake;
    },
    rows: (where, values) => rowsOf(sql, where, values),
    drained: (within = 20_000) => until(() => isDrained(broker, sql), { within, what: 'everything to be rung for' }),
    flow: (workflowId) => flowOf(client, workflowId),
  };
}

/** As the workflow processor: a dead letter that is sent twice is one case. */
function createDesk(sql: pg.Pool, cases: RepairCaseStore) {
  const sentLetters: { event: DeadLetter; isReturned: boolean }[] = [];
  const accepted: string[] = [];
  const deadLetters: DeadLetters = {
    send: async (given, isReturned) => {
      const event = { ...given, subject: storable(given.subject), headers: storableHeaders(given.headers) };
      const isSame = (one: { event: DeadLetter; isReturned: boolean }) =>
        one.event.caseId === event.caseId && one.event.streamSequence === event.streamSequence;
      await cases.openCase(event, isReturned);
      if (!sentLetters.some(isSame)) sentLetters.push({ event, isReturned });
    },
    accepted: async (caseId) => {
      await sql.query(`UPDATE repair.case SET state = 'repaired' WHERE case_id = $1 AND state = 'resubmitted'`, [
        caseId,
      ]);
      if (!accepted.includes(caseId)) accepted.push(caseId);
    },
  };
  return { sentLetters, accepted, deadLetters };
}

async function sendRaw(nats: NatsConnection, { subject, headers: given = {}, data }: RawMessage): Promise<number> {
  const made = headers();
  for (const [name, value] of Object.entries(given)) made.set(name, value);
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return (await nats.jetstream().publish(subject, bytes, { headers: made })).seq;
}

async function rowsOf(sql: pg.Pool, where = 'true', values: readonly unknown[] = []): Promise<readonly EventRow[]> {
  const { rows } = await sql.query<EventRow>(
    `SELECT source, event_id AS "eventId", name, state, customer_id AS "customerId", workflow_id AS "workflowId", stream_sequence::int AS sequence,
      position::int AS position, case_id AS "caseId", place, rung_at IS NOT NULL AS "isRung", body IS NOT NULL AS "hasBody", outcome
    FROM mediator_store.initiating_event WHERE ${where} ORDER BY stream_sequence, position`,
    [...values],
  );
  return rows;
}

async function isDrained(broker: Broker, sql: pg.Pool): Promise<boolean> {
  const { stream, consumer } = customerEventQueue;
  const [info, at] = await Promise.all([broker.streamInfo(stream), broker.consumerInfo(stream, consumer)]);
  if (info?.messages !== 0 || at?.inFlight !== 0) return false;
  return (await rowsOf(sql, 'rung_at IS NULL')).length === 0;
}

async function flowOf(client: Client, workflowId: string) {
  try {
    const { type, runId } = await client.workflow.getHandle(workflowId).describe();
    return { type, runId };
  } catch {
    return undefined;
  }
}

/** Headers of a correct event. */
export const headersOf = (name: string, id: string, changes: Readonly<Record<string, string>> = {}) => ({
  'ce-specversion': '1.0',
  'ce-id': id,
  'ce-source': 'test',
  'ce-type': name,
  'ce-datacontenttype': 'application/json',
  ...changes,
});

/** A customer's registration, as a producer sends it. */
export const registered = (id: string, customerId: string): CloudEvent => ({
  id,
  source: 'test',
  type: 'customer-registered',
  data: { customerId, name: 'Anna Lindqvist', email: 'anna@example.com' },
});
