import { existsSync, mkdirSync, chownSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { commandLineOf } from './command-line.ts';
import { freePort } from './ports.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { asUser, postgresUser, type PostgresUser, type UserCommand } from './postgres-user.ts';
import { launchProcess, type RunningProcess, type Launched, tailOf, runToEnd } from './process.ts';

export interface PostgresOptions {
  /** Holds the data folder and the log. */
  readonly folder: string;
  readonly port?: number;
  readonly maxConnections?: number;
  /** Further settings, as `name=value`. */
  readonly settings?: readonly string[];
}

/** A fixed password is enough: the server listens on loopback only and holds sample data. */
const password = 'postgres';

/**
 * A PostgreSQL server. A committed transaction is on disk, and the server starts again on the same folder after any
 * crash. Port: `sql`.
 */
export async function launchPostgres(options: PostgresOptions): Promise<Launched> {
  const port = options.port ?? (await freePort());
  const user = postgresUser();
  mkdirSync(options.folder, { recursive: true });
  const data = join(options.folder, 'data');
  if (!existsSync(data)) await createCluster(options.folder, data, user);
  forgetRecycledPid(data);
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  const running = await start(options, data, port, user, url);
  return { name: 'postgres', ports: { sql: port }, url, ...running };
}

/** The cluster is made aside and renamed, so that a crash in the middle leaves no half of it. */
async function createCluster(folder: string, data: string, user: PostgresUser | undefined): Promise<void> {
  const draft = join(folder, 'data.new');
  const passwordFile = join(folder, 'password');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`);
  if (user) chownSync(draft, user.uid, user.gid);
  const encoding = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--auth=scram-sha-256', '--username=postgres', `--pwfile=${passwordFile}`];
  const { initdb } = postgresBinaries();
  await runToEnd('initdb', runAs(initdb, ['--pgdata', draft, ...encoding, ...access], user, draft), folder);
  rmSync(passwordFile);
  await rename(draft, data);
}

/** After a crash the processes of the last run may hold the folder for a moment: then the start is tried again. */
async function start(
  options: PostgresOptions,
  data: string,
  port: number,
  user: PostgresUser | undefined,
  url: string,
): Promise<RunningProcess> {
  const { postgres } = postgresBinaries();
  const logFile = join(options.folder, 'postgres.log');
  const patience = Date.now() + 15_000;
  for (;;) {
    try {
      const { command, args, user: uid } = runAs(postgres, serverArguments(options, data, port), user, data);
      const how = { cwd: options.folder, logFile, stopSignal: 'SIGINT', isReady: () => answers(url) } as const;
      return await launchProcess({ name: 'postgres', command, args, ...(uid && { user: uid }), ...how });
    } catch (error) {
      const held = /is still in use|lock file .* already exists/.test(tailOf(logFile, 5));
      if (!held || Date.now() > patience) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

const runAs = (command: string, args: readonly string[], user: PostgresUser | undefined, path: string): UserCommand =>
  user ? asUser(command, args, user, [path]) : { command, args };

const serverArguments = (options: PostgresOptions, data: string, port: number): string[] => {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${options.maxConnections ?? 200}`,
    'shared_buffers=128MB',
    'wal_level=minimal',
    'max_wal_senders=0',
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(options.settings ?? []),
  ];
  return ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
};

/**
 * PostgreSQL takes any living process with the number in its lock file for itself; after a reboot the number may be
 * another's.
 */
function forgetRecycledPid(data: string): void {
  const lockFile = join(data, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  const line = commandLineOf(pid);
  if (line !== null && !line.includes(data)) rmSync(lockFile);
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
