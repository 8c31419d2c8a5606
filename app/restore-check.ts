import { factIn } from '../broker-bridge/facts/cloud-events.ts';
import type { Broker } from '../broker-bridge/nats/broker.ts';
import { factStream, type Fact } from '../contracts/facts.ts';
import { bigintNumber, text } from '../prisma/codec.ts';
import type { Database } from '../prisma/database.ts';
import { raw, sql } from '../prisma/sql.ts';
import { statement, type SqlRunner } from '../prisma/statement.ts';

/** A restored shop: its database, and the broker as its administrator. */
export interface Restored {
  readonly database: Database;
  readonly broker: Pick<Broker, 'streamInfo' | 'follow' | 'consumers' | 'rewind'>;
}

/** The differences that a restore has left, and the measures that were taken. */
export interface RestoreReport {
  /** The epoch that facts are counted in from now on. */
  readonly epoch: number;
  /** Keys of which the stream has facts that the database does not know: it was put back to before them. */
  readonly ahead: readonly { readonly key: string; readonly facts: number }[];
  /** The listeners that hear the stream from its oldest fact again; they drop what they had heard. */
  readonly listeners: readonly string[];
}

/**
 * Makes a shop whose database, streams and workflows were put back to different moments fit to go on. A new epoch
 * begins, greater than any that was ever used, so that no listener takes a new fact for one it has seen. Every listener
 * hears the stream again, because its inbox may be older than its consumer. To be run before anything else is started.
 * Facts that the stream has lost are published again by the relay; orders that Temporal has lost are found by the
 * reconciler.
 */
export async function checkAfterRestore({ database, broker }: Restored): Promise<RestoreReport> {
  const found = await readStream(broker);
  const known = await database.run(greatestEpochs());
  const schemas = await database.run(listenerSchemas());
  const heard = await Promise.all(schemas.map(({ name }) => database.run(greatestHeard(name))));
  const greatest = Math.max(found.epoch, ...[...known, ...heard.flat()].map(({ epoch }) => epoch));
  const ahead = await keysAhead(database, found.facts);
  await database.execute(beginEpoch(greatest + 1));
  const listeners = [...(await broker.consumers(factStream.name)).keys()].toSorted();
  for (const name of listeners) await broker.rewind(factStream.name, name, null);
  return { epoch: greatest + 1, ahead, listeners };
}

type Place = Pick<Fact, 'id' | 'key' | 'epoch' | 'sequence'>;

/** Every fact that the stream holds, and the greatest epoch among them. */
async function readStream(broker: Restored['broker']) {
  const facts: Place[] = [];
  let left = (await broker.streamInfo(factStream.name))?.messages ?? 0;
  if (left > 0)
    for await (const message of broker.follow({
      stream: factStream.name,
      subjects: factStream.subjects,
      since: 'all',
    })) {
      const fact = factIn(message);
      if (fact) facts.push(placeOf(fact));
      left -= 1;
      if (left <= 0) break;
    }
  return { facts, epoch: facts.reduce((greatest, { epoch }) => Math.max(greatest, epoch), 0) };
}

/** Without the body: a stream's are too many to be kept. */
const placeOf = ({ id, key, epoch, sequence }: Fact): Place => ({ id, key, epoch, sequence });

const chunk = 1_000;

async function keysAhead(on: SqlRunner, facts: readonly Place[]): Promise<RestoreReport['ahead']> {
  const counts = new Map<string, number>();
  for (let from = 0; from < facts.length; from += chunk) {
    const rows = await on.run(unknownFacts(facts.slice(from, from + chunk)));
    for (const { key } of rows) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => ({ key, facts: count })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** Those of the given facts that the outbox does not have. */
export const unknownFacts = statement(
  'app.unknown-facts',
  { key: text },
  (facts: readonly Place[]) => sql`
    SELECT given.key FROM unnest(${facts.map(({ id }) => id)}::uuid[], ${facts.map(({ key }) => key)}::text[],
      ${facts.map(({ epoch }) => epoch)}::bigint[], ${facts.map(({ sequence }) => sequence)}::bigint[]) AS given (id, key, epoch, sequence)
    LEFT JOIN outbox.fact ON fact.key = given.key AND fact.epoch = given.epoch AND fact.sequence = given.sequence AND fact.id = given.id
    WHERE fact.id IS NULL`,
);

const greatestEpochs = statement(
  'app.greatest-epochs',
  { epoch: bigintNumber },
  () => sql`SELECT max(epoch) AS epoch FROM outbox.epoch UNION ALL SELECT coalesce(max(epoch), 0) FROM outbox.fact`,
);

/** The schemas of listeners: each has a table that says how it can be played again. */
const listenerSchemas = statement(
  'app.listener-schemas',
  { name: text },
  () => sql`SELECT schemaname::text AS name FROM pg_tables WHERE tablename = 'inbox_position' ORDER BY schemaname`,
);

export const greatestHeard = statement(
  'app.greatest-heard',
  { epoch: bigintNumber },
  (schema: string) => sql`SELECT coalesce(max(epoch), 0) AS epoch FROM ${raw(schema)}.inbox_position`,
);

export const beginEpoch = statement(
  'app.begin-epoch',
  {},
  (epoch: number) => sql`INSERT INTO outbox.epoch (epoch) VALUES (${epoch})`,
);
