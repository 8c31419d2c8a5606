import type { Broker, ConsumerInfo } from '../broker-bridge/nats/broker.ts';
import { factSource, factStream } from '../contracts/facts.ts';
import { isInstant } from '../contracts/reading/instant.ts';
import type { ListenerView } from '../contracts/views.ts';
import { oneOf, text } from '../prisma/codec.ts';
import type { Database } from '../prisma/database.ts';
import { raw, sql } from '../prisma/sql.ts';
import { statement, type SqlRunner } from '../prisma/statement.ts';
import { AppError } from './app-error.ts';
import { tableExists } from './reads/facts.ts';

/** The part of the broker that listeners are seen and steered by. */
export type ListenerBroker = Pick<Broker, 'consumers' | 'oldest' | 'pause' | 'resume' | 'rewind'>;

/** Every listener that has ever run, in the order of their names. */
export async function listenersOf(broker: ListenerBroker): Promise<readonly ListenerView[]> {
  const consumers = await broker.consumers(factStream.name);
  const views = [...consumers].map(([name, info]) => viewOf(name, info, broker));
  return (await Promise.all(views)).toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

async function viewOf(name: string, info: ConsumerInfo, broker: ListenerBroker): Promise<ListenerView> {
  const { waiting, oldestSeconds } = await backlogOf(broker, factStream.name, info);
  return {
    name,
    state: info.pausedUntil === null ? 'listens' : 'paused',
    waiting,
    oldestSeconds: oldestSeconds && Math.round(oldestSeconds),
  };
}

/** The messages that a consumer is not done with, and the age of the oldest in seconds. */
export async function backlogOf(broker: Pick<Broker, 'oldest'>, stream: string, info: ConsumerInfo) {
  const waiting = info.pending + info.inFlight;
  // The oldest of the stream behind the last one that is done with: it may be one that the listener does not hear.
  const oldest = waiting > 0 ? await broker.oldest(stream, '>', info.acknowledgedTo + 1) : null;
  return { waiting, oldestSeconds: oldest && Math.max(0, (Date.now() - Date.parse(oldest.time)) / 1_000) };
}

/** As good as for ever. */
const pausedYears = 100;

/** Lets a listener hear nothing until it is resumed; its facts wait for it, and no other listener does. */
export async function pauseListener(broker: ListenerBroker, name: string): Promise<void> {
  await requireListener(broker, name);
  await broker.pause(factStream.name, name, new Date(Date.now() + pausedYears * 31_557_600_000).toISOString());
}

export async function resumeListener(broker: ListenerBroker, name: string): Promise<void> {
  await requireListener(broker, name);
  await broker.resume(factStream.name, name);
}

async function requireListener(broker: ListenerBroker, name: string): Promise<void> {
  const known = [...(await broker.consumers(factStream.name)).keys()];
  if (known.includes(name)) return;
  const there = known.length === 0 ? 'None has run yet.' : `There are: ${known.toSorted().join(', ')}.`;
  throw new AppError('not-found', `No listener called ${name} has run. ${there}`);
}

/**
 * Plays the facts to a listener again: from the oldest, or from an instant on (ISO 8601) when it allows that. One that
 * can be rebuilt has its tables emptied first. Its facts wait meanwhile. Throws an `AppError` for one that does not say
 * that it can be played again.
 */
export async function replayListener(
  { broker, database }: { readonly broker: ListenerBroker; readonly database: Database },
  name: string,
  from: string | null,
): Promise<void> {
  await requireListener(broker, name);
  if (from !== null && !isInstant(from))
    throw new AppError('bad-input', 'The point must be an instant, as in 2026-11-23T08:00:00Z.');
  const schema = name.replaceAll('-', '_');
  const replay = await replayOf(database, schema);
  if (replay === 'never')
    throw new AppError('refused', `${name} does more than write its own tables: it cannot be played again.`);
  if (replay === 'rebuild' && from !== null)
    throw new AppError('refused', `${name} is rebuilt as a whole: leave out the point.`);
  await pauseListener(broker, name);
  await database.transaction(async (on) => {
    if (replay === 'rebuild') await emptyTables(on, schema);
    else await forgetSince(on, schema, from);
  });
  await broker.rewind(factStream.name, name, from);
}

const replays = ['never', 'rebuild', 'again'] as const;

export const listenerReplay = statement(
  'app.listener-replay',
  { replay: oneOf(...replays) },
  (schema: string) => sql`SELECT replay FROM ${raw(schema)}.listener`,
);

async function replayOf(database: Database, schema: string): Promise<(typeof replays)[number]> {
  if (!(await tableExists(database, `${schema}.listener`))) return 'never';
  return (await database.run(listenerReplay(schema)))[0]?.replay ?? 'never';
}

export const ownTables = statement(
  'app.tables-of-listener',
  { name: text },
  (schema: string) => sql`
    SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = ${schema} AND tablename NOT IN ('listener', 'outgoing')`,
);

async function emptyTables(on: SqlRunner, schema: string): Promise<void> {
  const tables = await on.run(ownTables(schema));
  await on.execute(truncation(tables.map(({ name }) => `${schema}.${name}`)));
}

export const truncation = statement(
  'app.empty-tables',
  {},
  (tables: readonly string[]) => sql`TRUNCATE ${raw(tables.join(', '))}`,
);

async function forgetSince(on: SqlRunner, schema: string, from: string | null): Promise<void> {
  await on.execute(forgetSeen(schema, from));
  await on.execute(forgetPositions(schema, from));
}

/** The facts since the instant count as never heard. */
export const forgetSeen = statement(
  'app.forget-seen',
  {},
  (schema: string, from: string | null) => sql`
    DELETE FROM ${raw(schema)}.inbox_seen USING outbox.fact
    WHERE inbox_seen.fact_id = fact.id AND fact.time >= coalesce(${from}::timestamptz, '-infinity')`,
);

export const forgetPositions = statement(
  'app.forget-positions',
  {},
  (schema: string, from: string | null) => sql`
    UPDATE ${raw(schema)}.inbox_position AS position SET epoch = first.epoch, last_sequence = first.sequence - 1
    FROM (SELECT DISTINCT ON (key) key, epoch, sequence FROM outbox.fact WHERE "time" >= coalesce(${from}::timestamptz, '-infinity')
      ORDER BY key, epoch, sequence) AS first
    WHERE position.source = ${factSource} AND position.key = first.key AND (position.epoch, position.last_sequence) >= (first.epoch, first.sequence)`,
);
