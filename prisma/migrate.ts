import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { sessionOn } from './session.ts';

const folder = join(import.meta.dirname, 'migrations');

interface Migration {
  readonly name: string;
  readonly script: string;
}

/**
 * Makes the database when it is missing and applies the missing migrations, each in a transaction of its own. Returns
 * their names. It keeps the table of Prisma's own tool under Prisma's own lock, so that `prisma migrate deploy` can
 * continue from here. Safe to call again, and at the same time.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  await createDatabase(databaseUrl);
  const migrations = await readMigrations();
  return withConnection(databaseUrl, async (client) => {
    await client.query(`SELECT pg_advisory_lock(${prismaLock})`);
    await client.query(prismaTable);
    const known = await appliedMigrations(client);
    const missing = migrations.filter(({ name }) => !known.has(name));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  });
}

/** The lock that Prisma's tools take while they migrate; it ends with the connection. */
const prismaLock = 72_707_369;

/** The table is the one that Prisma's tools make. */
const prismaTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
  logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

async function appliedMigrations(client: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string; isFinished: boolean }>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS "isFinished" FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const failed = rows.find(({ isFinished }) => !isFinished);
  if (failed)
    throw new Error(
      `The migration ${failed.name} has failed before; see to it with \`prisma migrate resolve\`, then migrate again.`,
    );
  return new Set(rows.map(({ name }) => name));
}

/**
 * The script and its row are committed together. The script goes over PostgreSQL's simple protocol, which takes several
 * statements at once.
 */
async function apply(client: pg.Client, { name, script }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(script);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), createHash('sha256').update(script).digest('hex'), name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new Error(`The migration ${name} cannot be applied: ${(error as Error).message}`, { cause: error });
  }
}

async function createDatabase(databaseUrl: string): Promise<void> {
  const name = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  const maintenance = new URL(databaseUrl);
  maintenance.pathname = '/postgres';
  await withConnection(maintenance.href, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`).catch(unlessItExists);
  });
}

/** Another process may have made it in the meantime. */
function unlessItExists(error: unknown): void {
  const code = (error as { code?: string }).code;
  if (code !== '42P04' && code !== '23505') throw error;
}

async function readMigrations(): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names
      .toSorted()
      .map(async (name) => ({ name, script: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  );
}

async function withConnection<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(sessionOn(url));
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
