import type { ClientConfig } from 'pg';

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
};

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
