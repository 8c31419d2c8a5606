import pg, { type ClientConfig } from 'pg';
import { databaseProblem } from './unreachable.ts';

/**
 * The settings that our statements depend on, whatever the server, its database or the role is set to: how instants and
 * bytes are written, what a transaction sees, where names are looked for.
 */
const settings = {
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  default_transaction_isolation: 'read\\ committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  search_path: 'public',
  standard_conforming_strings: 'on',
  // A name of ours, by which a session is known to have had all of these.
  'order_mediator.session': 'own',
};

/** A statement that takes longer is cut off, so that its caller can ask again. */
export const statementTimeout = 8_000;

/**
 * The configuration of a connection to this database. Options in the URL come first, so that they change none of our
 * settings. A pooler in between has to pass on the startup parameter `options`.
 */
export function sessionOn(databaseUrl: string): Pick<ClientConfig, 'connectionString' | 'options'> {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  url.searchParams.delete('options');
  const own = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  return { connectionString: url.toString(), options: [...(given ? [given] : []), ...own].join(' ') };
}

/**
 * Throws a sentence when connections to this database are no sessions of their own: a pooler in between shares them,
 * or does not pass on our settings. Named statements, LISTEN and the relay's lock would fail now and then, or do
 * nothing. A database that cannot be asked is left to those who need it: they try until it answers.
 */
export async function requireOwnSession(databaseUrl: string): Promise<void> {
  const limits = { statement_timeout: statementTimeout, connectionTimeoutMillis: 2_000 };
  const clients = [1, 2].map(() => new pg.Client({ ...sessionOn(databaseUrl), ...limits }));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const seen: Probe[] = [];
    // A pooler that shares sessions gives both the same one, or one of them another one the second time.
    for (const client of [...clients, ...clients]) seen.push(...(await client.query<Probe>(probe)).rows);
    const [first, second, firstAgain, secondAgain] = seen.map(({ pid }) => pid);
    if (first === second || first !== firstAgain || second !== secondAgain)
      throw notOwn('shares sessions between clients');
    if (seen.some(({ own }) => !own)) throw notOwn('does not pass on the startup parameter options');
  } catch (error) {
    if (error instanceof NoOwnSession) throw error;
    if (databaseProblem(error) === 'pooled') throw notOwn('refuses a startup parameter of ours', error);
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

interface Probe {
  readonly pid: number;
  readonly own: boolean;
}

const probe = `SELECT pg_backend_pid() AS pid, current_setting('order_mediator.session', true) IS NOT DISTINCT FROM 'own' AS own`;

class NoOwnSession extends Error {}

const notOwn = (what: string, cause?: unknown): Error =>
  new NoOwnSession(
    `DATABASE_URL leads to a connection pooler that ${what}: give the address of PostgreSQL itself, or of a pooler in session mode that passes on options and statement_timeout.`,
    { cause },
  );
