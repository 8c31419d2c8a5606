import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { SharedServers } from '../servers.ts';
import { until } from '../until.ts';

/** A database of one test file. */
export interface RigDatabase {
  readonly url: string;
  /** Drops it. Fails when the test left connections open, naming what they did last. */
  close(): Promise<void>;
}

/** Clones the migrated and seeded template. */
export async function cloneDatabase({ postgresUrl, templateDatabase }: SharedServers): Promise<RigDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(postgresUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`));
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return { url: url.href, close: () => asAdmin(postgresUrl, (client) => dropDatabase(client, name)) };
}

async function dropDatabase(client: Client, name: string): Promise<void> {
  const left = () => connectionsTo(client, name);
  // A connection that was closed is gone only when its server process is.
  const none = await until(async () => (await left()).length === 0, { within: 3_000 }).catch(() => false);
  const leaked = none ? [] : await left();
  await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  if (leaked.length > 0) throw new Error(`Connections were left open:\n${leaked.join('\n')}`);
}

async function connectionsTo(client: Client, name: string): Promise<string[]> {
  const sql = `SELECT coalesce(nullif(application_name, ''), 'unnamed') || ': ' || left(query, 120) AS what
    FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'`;
  return (await client.query<{ what: string }>(sql, [name])).rows.map(({ what }) => what);
}

async function asAdmin<T>(url: string, use: (client: Client) => Promise<T>): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'test rig' });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
