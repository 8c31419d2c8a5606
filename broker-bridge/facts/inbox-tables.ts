import { factAreas, factSources, type Fact } from '../../contracts/facts.ts';
import { createHash } from 'node:crypto';
import pg from 'pg';
import { bigintNumber, bigintText, nullable, oneOf, text, uuid } from '../../prisma/codec.ts';
import { raw, sql } from '../../prisma/sql.ts';
import { runnerOn, statement } from '../../prisma/statement.ts';
import type { Listener, OwnFact } from './listener.ts';
import { outgoingTable } from './outgoing.ts';

/** The place of a fact within its chain. */
export interface Position extends Pick<Fact, 'epoch' | 'sequence'> {
  /** Facts of earlier epochs that came after a later one had begun, and were dropped. */
  readonly dropped?: number;
}

/** The facts of one key from one source, which are counted together. */
export type Chain = Pick<Fact, 'source' | 'key'>;

/** A chain as the key of a map; a source has no space. */
export const chainOf = ({ source, key }: Chain): string => `${source} ${key}`;

/** The order in which chains are locked, so that two processes cannot lock each other out. */
const inOrder = (one: Chain, other: Chain): number => (chainOf(one) < chainOf(other) ? -1 : 1);

/** The place before the first fact of a chain. */
export const nowhere: Position = { epoch: 0, sequence: 0 };

/** True for a place that comes after another one of the same chain; a later epoch comes after all of an earlier one. */
export const isNewer = (one: Position, than: Position): boolean =>
  one.epoch === than.epoch ? one.sequence > than.sequence : one.epoch > than.epoch;

/** A fact of a listener's own, with the fact that it follows from. */
export interface ToldFact {
  readonly fact: OwnFact;
  readonly cause: Pick<Fact, 'id' | 'correlationId'>;
}

export const recordFact = statement(
  'inbox.record-fact',
  { sequence: bigintText },
  ({ fact: { name, key, body }, cause }: ToldFact) => sql`
    SELECT outbox.record_fact(${factAreas[name]}, ${name}, ${key}, ${JSON.stringify(body)}::jsonb, ${cause.id}, ${cause.correlationId}) AS sequence`,
);

/** For a replay, which knows the listener by its schema only. */
export const noteReplay = statement(
  'inbox.note-replay',
  {},
  (schema: string, replay: string) => sql`
    INSERT INTO ${raw(schema)}.listener (replay) VALUES (${replay}) ON CONFLICT (one) DO UPDATE SET replay = excluded.replay`,
);

/**
 * One process at a time, because "if not exists" alone fails when two begin at once. Facts that were noted long ago are
 * pruned with everything else (`activities/pruning/`), which finds listeners by the tables `listener` and `inbox_seen`.
 */
const preparation = (schema: string, tables: string): string => `
  SELECT pg_advisory_xact_lock(hashtextextended('inbox.' || '${schema}', 0));
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}.inbox_position (
    source text NOT NULL, key text NOT NULL, epoch bigint NOT NULL, last_sequence bigint NOT NULL, dropped bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (source, key));
  CREATE TABLE IF NOT EXISTS ${schema}.inbox_seen (fact_id uuid PRIMARY KEY, seen_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX IF NOT EXISTS inbox_seen_at ON ${schema}.inbox_seen (seen_at);
  CREATE TABLE IF NOT EXISTS ${schema}.listener (one boolean PRIMARY KEY DEFAULT true CHECK (one), replay text NOT NULL);
  ${outgoingTable(schema)}
  ${tables}`;

/** The mark that the set-up has left on a listener's schema; no row when there is no such schema. */
export const schemaMark = statement(
  'inbox.schema-mark',
  { mark: nullable(text) },
  (schema: string) =>
    sql`SELECT obj_description(oid, 'pg_namespace') AS mark FROM pg_namespace WHERE nspname = ${schema}`,
);

/** PostgreSQL's code for what a user may not do. */
const notAllowed = '42501';

/**
 * Makes a listener's schema and tables, unless they are there as this version has them: their hash stands in the
 * schema's comment. So a listener whose tables a set-up has made needs no right to make any. Throws a sentence when it
 * may not make what is missing.
 */
export async function prepareTables(
  client: pg.ClientBase,
  { name, schema, tables, replay }: Pick<Listener, 'name' | 'schema' | 'tables' | 'replay'>,
): Promise<void> {
  const script = preparation(schema, tables);
  const playedAgain = replay ?? 'never';
  const mark = `tables ${createHash('sha256').update(`${playedAgain} ${script}`).digest('hex')}`;
  const [found] = await runnerOn(client).run(schemaMark(schema));
  if (found?.mark === mark) return;
  try {
    await client.query(script);
    await runnerOn(client).execute(noteReplay(schema, playedAgain));
    await client.query(`COMMENT ON SCHEMA ${schema} IS '${mark}'`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== notAllowed) throw error;
    const sentence = `The listener ${name} lacks tables of this version, and this user of PostgreSQL may not make them: run "npm run migrate" as one that may.`;
    throw new Error(sentence, { cause: error });
  }
}

/** Facts of one chain that follow each other without a gap. */
export interface Run extends Chain {
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Moves each chain that stands right before its run to the end of it, and gives the chains that it moved. They stay
 * locked.
 */
export const advanceInTurn = statement(
  'inbox.advance-in-turn',
  { source: oneOf(...factSources), key: text },
  (schema: string, runs: readonly Run[]) => {
    const sorted = runs.toSorted(inOrder);
    const table = sql`${raw(schema)}.inbox_position`;
    return sql`
    WITH run AS (
      SELECT * FROM unnest(${sorted.map(({ source }) => source)}::text[], ${sorted.map(({ key }) => key)}::text[],
        ${sorted.map(({ epoch }) => epoch)}::bigint[], ${sorted.map(({ first }) => first)}::bigint[],
        ${sorted.map(({ last }) => last)}::bigint[]) AS run (source, key, epoch, first, last))
    INSERT INTO ${table} AS position (source, key, epoch, last_sequence)
    SELECT source, key, epoch, last FROM run
    WHERE first = 1 OR EXISTS (SELECT FROM ${table} AS known WHERE known.source = run.source AND known.key = run.key)
    ON CONFLICT (source, key) DO UPDATE SET epoch = excluded.epoch, last_sequence = excluded.last_sequence
    WHERE EXISTS (
      SELECT FROM run WHERE run.source = position.source AND run.key = position.key
        AND CASE run.epoch WHEN position.epoch THEN run.first = position.last_sequence + 1
          ELSE run.first = 1 AND run.epoch > position.epoch END)
    RETURNING source, key`;
  },
);

/** Locks the rows of these chains by writing them as they are. */
export const lockPositions = statement(
  'inbox.lock-positions',
  { source: oneOf(...factSources), key: text, epoch: bigintNumber, sequence: bigintNumber },
  (schema: string, chains: readonly Chain[]) => {
    const once = [...new Map(chains.map((chain) => [chainOf(chain), chain])).values()].toSorted(inOrder);
    return sql`
    INSERT INTO ${raw(schema)}.inbox_position AS position (source, key, epoch, last_sequence)
    SELECT source, key, ${nowhere.epoch}::bigint, ${nowhere.sequence}::bigint
    FROM unnest(${once.map(({ source }) => source)}::text[], ${once.map(({ key }) => key)}::text[]) AS chain (source, key)
    ON CONFLICT (source, key) DO UPDATE SET epoch = position.epoch RETURNING source, key, epoch, last_sequence AS sequence`;
  },
);

export const advancePositions = statement(
  'inbox.advance-positions',
  {},
  (schema: string, moved: readonly (Chain & Position)[]) => sql`
    UPDATE ${raw(schema)}.inbox_position AS position
    SET epoch = applied.epoch, last_sequence = applied.sequence, dropped = position.dropped + applied.dropped
    FROM unnest(${moved.map(({ source }) => source)}::text[], ${moved.map(({ key }) => key)}::text[],
      ${moved.map(({ epoch }) => epoch)}::bigint[], ${moved.map(({ sequence }) => sequence)}::bigint[],
      ${moved.map(({ dropped = 0 }) => dropped)}::bigint[]) AS applied (source, key, epoch, sequence, dropped)
    WHERE position.source = applied.source AND position.key = applied.key`,
);

export const noteFacts = statement(
  'inbox.note-facts',
  { id: uuid },
  (schema: string, factIds: readonly string[]) => sql`
    INSERT INTO ${raw(schema)}.inbox_seen (fact_id) SELECT id FROM unnest(${factIds.toSorted()}::uuid[]) AS id
    ON CONFLICT DO NOTHING RETURNING fact_id AS id`,
);
