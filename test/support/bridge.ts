import { connect, type NatsConnection } from 'nats';
import pg from 'pg';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import type { DeadLetters } from '../../broker-bridge/dead-letter/dead-letters.ts';
import { decodeFact } from '../../broker-bridge/facts/cloud-events.ts';
import { createSendMessage } from '../../broker-bridge/facts/send-message.ts';
import { startListener } from '../../broker-bridge/facts/start-listener.ts';
import type { Log, RunningComponent } from '../../broker-bridge/component.ts';
import { connectBroker } from '../../broker-bridge/nats/connect.ts';
import { startRelay } from '../../broker-bridge/outbox/relay.ts';
import { factStream, type Fact } from '../../contracts/facts.ts';
import type { DeadLetter } from '../../contracts/mediators/repair.ts';
import { loadListener } from '../../listeners/load-listener.ts';
import { openRig, type Rig, type RigParts } from './rig.ts';
import { until } from './until.ts';

/** A database and a NATS server of a test's own, with the means to look into both. */
export interface Bridge {
  readonly rig: Rig;
  readonly log: Log;
  /** Everything logged, as `level: message`. */
  readonly told: readonly string[];
  readonly sql: pg.Pool;
  /** A connection to the database for locks that a test holds; ended by `rig.close()`. */
  session(): Promise<pg.Client>;
  /** Keeps the dead letters of the listeners here. */
  readonly deadLetters: DeadLetters;
  readonly sentLetters: readonly DeadLetter[];
  /** The test's own connection to NATS, besides ours. */
  readonly nats: NatsConnection;
  readonly broker: Broker;
  /** Writes facts 1 to `each` of every key, each in a transaction of its own, the keys at the same time. */
  record(keys: readonly string[], each: number): Promise<void>;
  /** What the stream holds, in its order. */
  stream(): Promise<readonly Held[]>;
  unpublished(): Promise<number>;
  startRelay(): RunningComponent;
  startListener(name: string): Promise<RunningComponent>;
  /** The sequences that the order-timeline listener keeps of a key, by the time of their arrival. */
  timeline(key: string): Promise<readonly number[]>;
}

/** A fact where it stands in the stream. */
export interface Held {
  readonly streamSequence: number;
  readonly fact: Fact;
}

/** Opens a bridge on a rig of its own. Ended by `rig.close()`. */
export async function openBridge(parts: RigParts = {}): Promise<Bridge> {
  const rig = await openRig({ nats: true, ...parts });
  const told: string[] = [];
  const tell = (level: string) => (details: object, message: string) =>
    void told.push(`${level}: ${message} ${JSON.stringify(details)}`);
  const log: Log = { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') };
  const sql = new pg.Pool({ connectionString: rig.databaseUrl, max: 8, application_name: 'test' });
  rig.onClose(() => sql.end());
  const nats = await connect({ servers: rig.nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  rig.onClose(() => nats.close());
  const broker = await connectBroker({ url: rig.nats.url, name: 'test', log });
  rig.onClose(() => broker.close());
  const closing = (part: RunningComponent): RunningComponent => {
    rig.onClose(() => part.stop());
    return part;
  };
  const { databaseUrl } = rig;
  const sentLetters: DeadLetter[] = [];
  const deadLetters: DeadLetters = {
    send: (event) => Promise.resolve(void sentLetters.push(event)),
    accepted: () => Promise.resolve(),
  };
  const session = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: rig.databaseUrl, application_name: 'test session' });
    rig.onClose(() => client.end());
    await client.connect();
    return client;
  };
  return {
    rig,
    session,
    log,
    told,
    deadLetters,
    sentLetters,
    sql,
    nats,
    broker,
    record: (keys, each) => record(sql, keys, each),
    stream: () => readStream(nats, broker),
    unpublished: () => count(sql, 'SELECT count(*)::int AS n FROM outbox.fact WHERE stream_sequence IS NULL'),
    startRelay: () => closing(startRelay({ databaseUrl, broker, log })),
    startListener: async (name) => {
      const send = createSendMessage({ listener: name, broker, client: noTemporal, openOrders: noOrders });
      return closing(
        startListener({ listener: await loadListener(name), databaseUrl, broker, deadLetters, send, log }),
      );
    },
    timeline: async (key) => {
      const text = `SELECT sequence::int FROM order_timeline.fact WHERE order_id = $1 ORDER BY received_at, sequence`;
      const { rows } = await sql.query<{ sequence: number }>(text, [key]);
      return rows.map(({ sequence }) => sequence);
    },
  };
}

const noOrders = () => Promise.resolve([]);
const noTemporal = () => Promise.reject(new Error('This bridge has no Temporal.'));

async function count(sql: pg.Pool, text: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(text);
  return rows[0]?.n ?? 0;
}

const recordFact = `SELECT outbox.record_fact('orders', 'email-sent', $1, jsonb_build_object('orderId', $1::text, 'customerId', 'c-1', 'kind', 'shipped'))`;

async function record(sql: pg.Pool, keys: readonly string[], each: number): Promise<void> {
  const writeKey = async (key: string) => {
    for (let n = 0; n < each; n += 1) await sql.query(recordFact, [key]);
  };
  await Promise.all(keys.map(writeKey));
  await sql.query('NOTIFY outbox');
}

async function readStream(nats: NatsConnection, broker: Broker): Promise<readonly Held[]> {
  const management = await nats.jetstreamManager();
  const { state } = await management.streams.info(factStream.name);
  const held: Held[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
    const message = await broker.message(factStream.name, seq);
    if (!message?.subject.includes('.fact.email-sent.')) continue; // a test's own probe
    held.push({ streamSequence: seq, fact: decodeFact(message) });
  }
  return held;
}

/** The sequences of a key, in the order given. */
export const sequencesOf = (held: readonly Held[], key: string): readonly number[] =>
  held.filter(({ fact }) => fact.key === key).map(({ fact }) => fact.sequence);

/** 1, 2, 3 … */
export const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

/** Waits until the relay has published and marked everything. */
export const allPublished = (bridge: Bridge, within = 20_000): Promise<unknown> =>
  until(async () => (await bridge.unpublished()) === 0, { within, what: 'everything to be published' });
