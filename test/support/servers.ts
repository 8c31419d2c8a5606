import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../prisma/migrate.ts';
import { seed } from '../../prisma/seed/seed.ts';
import { checkout } from '../../stack/binaries.mjs';
import { launchPostgres } from '../../stack/launch/postgres.ts';
import { launchTemporal } from '../../stack/launch/temporal.ts';
import type { Launched } from '../../stack/launch/process.ts';
import { keptBuild } from './kept-build.ts';

/** What the test files of a run share. */
export interface SharedServers {
  /** Holds everything of this run; removed at its end. */
  readonly folder: string;
  /** PostgreSQL's maintenance database. */
  readonly postgresUrl: string;
  /** A migrated and seeded database to clone. Nobody may connect to it. */
  readonly templateDatabase: string;
  readonly temporalAddress: string;
  /** Namespaces to take one of; see `claimNamespace`. */
  readonly namespaces: readonly string[];
  /** The folder of the build that the tests' processes run. */
  readonly build: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly servers: SharedServers;
  }
}

const tests = join(checkout, 'test');

/** A test file takes one at most. Each costs the server a little all the time. */
const namespaceCount = ['integration', 'browser']
  .flatMap((tier) => readdirSync(join(tests, tier), { recursive: true, encoding: 'utf8' }))
  .filter((file) => file.endsWith('.test.ts')).length;

const templateDatabase = 'order_mediator_template';

/** Servers that run, and how many projects of this run still need them. */
interface Running {
  readonly provided: SharedServers;
  readonly stop: () => Promise<void>;
  users: number;
}

/** Each project of a run loads this file for itself; what they share hangs here. */
const runs = globalThis as { orderMediatorServers?: Promise<Running> };

/** Starts PostgreSQL and Temporal once for a run, on free ports beside whatever runs; the last project stops them at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = await (runs.orderMediatorServers ??= startServers());
  running.users += 1;
  project.provide('servers', running.provided);
  return async () => {
    running.users -= 1;
    if (running.users > 0) return;
    delete runs.orderMediatorServers;
    await running.stop();
  };
}

async function startServers(): Promise<Running> {
  const build = await keptBuild();
  const folder = mkdtempSync(join(tmpdir(), 'order-mediator-test-'));
  mkdirSync(join(folder, 'claims'));
  const namespaces = Array.from({ length: namespaceCount }, (_, index) => `test-${index + 1}`);
  const starts = await Promise.allSettled([preparePostgres(folder), prepareTemporal(folder, namespaces)]);
  const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async () => {
    await Promise.all(running.map((server) => server.stop()));
    if (!process.env['KEEP_TEST_STATE']) rmSync(folder, { recursive: true, force: true });
  };
  const [postgres, temporal] = running;
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed || !postgres || !temporal) {
    await stop();
    throw failed?.reason;
  }
  const addresses = { postgresUrl: postgres.url, templateDatabase, temporalAddress: temporal.url, namespaces };
  return { provided: { folder, build, ...addresses }, stop, users: 0 };
}

const prepareTemporal = (folder: string, namespaces: readonly string[]): Promise<Launched> =>
  launchTemporal({ folder: join(folder, 'temporal'), headless: true, namespaces });

async function preparePostgres(folder: string): Promise<Launched> {
  // Nobody kills this one, and nothing in it outlives the run: it does not wait for the disk.
  const settings = ['fsync=off', 'full_page_writes=off'];
  const postgres = await launchPostgres({ folder: join(folder, 'postgres'), maxConnections: 400, settings });
  try {
    const url = new URL(postgres.url);
    url.pathname = `/${templateDatabase}`;
    await migrate(url.href);
    await seed(url.href);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return postgres;
}
