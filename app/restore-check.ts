import type { Client } from '@temporalio/client';
import type { Broker } from '../broker-bridge/nats/broker.ts';
import { factStream } from '../contracts/facts.ts';
import type { RepairCaseStore } from '../contracts/mediators/repair.ts';
import { bigintNumber, text } from '../prisma/codec.ts';
import type { Database } from '../prisma/database.ts';
import { raw, sql } from '../prisma/sql.ts';
import { statement, type SqlRunner } from '../prisma/statement.ts';
import { epochsOf, findLost, type LostKey } from './restore/lost-facts.ts';
import { mend, type MendedKey } from './restore/mend.ts';
import { endWorkflows, type OrderWorkflow } from './restore/order-workflows.ts';

/** A restored shop: its database, the broker as its administrator, and Temporal. */
export interface Restored {
  readonly database: Database;
  readonly broker: Pick<Broker, 'follow' | 'consumers' | 'rewind'>;
  readonly client: Client;
  /** The store of cases in a transaction. */
  cases(on: SqlRunner): RepairCaseStore;
}

/** The differences that a restore has left, and the measures that were taken. */
export interface RestoreReport {
  /** The epoch that facts are counted in from now on. */
  readonly epoch: number;
  /** Keys of which the stream or Temporal knows more than the database: it was put back to before that. */
  readonly keys: readonly MendedKey[];
  /** Orders whose workflow and whose row were not of the same moment, or may not have been. */
  readonly workflows: readonly OrderWorkflow[];
  /** The listeners that hear the stream from its oldest fact again; they drop what they had heard. */
  readonly listeners: readonly string[];
}

/**
 * Makes a shop whose database, streams and workflows were put back to different moments fit to go on. A new epoch
 * begins, greater than any that was ever used, so that no listener takes a new fact for one it has seen. Every listener
 * hears the stream again, because its inbox may be older than its consumer. Of an order of which more was told than the
 * database knows, `order-restored` tells what it knows; what does not come again by itself is a case. The workflows of
 * orders are ended. To be run before anything else is started. Run again it begins another epoch, and tells and opens
 * nothing twice.
 *
 * Facts that the stream has lost are published again by the relay; the reconciler starts a workflow for every order
 * that has not ended.
 */
export async function checkAfterRestore({ database, broker, client, cases }: Restored): Promise<RestoreReport> {
  const lost = await findLost(broker, database);
  const epoch = Math.max(lost.epoch, await greatestEpoch(database)) + 1;
  const workflows = await endWorkflows(client, database);
  const keys = [...lost.keys, ...(await keysOfUnknown(database, workflows, lost.keys))];
  const mended = await database.transaction(async (on) => {
    await on.execute(beginEpoch(epoch));
    const done: MendedKey[] = [];
    for (const key of keys) done.push(await mend(on, key, { epoch, cases: cases(on) }));
    return done;
  });
  const listeners = [...(await broker.consumers(factStream.name)).keys()].toSorted();
  for (const name of listeners) await broker.rewind(factStream.name, name, null);
  return { epoch, keys: mended, workflows, listeners };
}

/** Orders that Temporal alone knows, unless an earlier check has told of them. */
async function keysOfUnknown(
  on: SqlRunner,
  workflows: readonly OrderWorkflow[],
  lost: readonly LostKey[],
): Promise<readonly LostKey[]> {
  const ids = new Set(workflows.flatMap(({ orderId, is }) => (is === 'unknown' ? [orderId] : [])));
  const told = [...lost, ...(await on.run(epochsOf([...ids])))];
  for (const { key } of told) ids.delete(key);
  return [...ids].map((key) => ({ key, area: 'orders', facts: [] }));
}

/** The greatest epoch of the database: of its outbox, and of what its listeners have heard. */
async function greatestEpoch(database: Database): Promise<number> {
  const known = await database.run(greatestEpochs());
  const schemas = await database.run(listenerSchemas());
  const heard = await Promise.all(schemas.map(({ name }) => database.run(greatestHeard(name))));
  return Math.max(...[...known, ...heard.flat()].map(({ epoch }) => epoch));
}

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
