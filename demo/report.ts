import { open, readFile, writeFile } from 'node:fs/promises';
import type { OrderView } from '../contracts/views.ts';
import { sentenceOf, AppError } from '../app/app-error.ts';
import { text } from '../prisma/codec.ts';
import { sql } from '../prisma/sql.ts';
import { statement } from '../prisma/statement.ts';
import type { Sources } from '../app/sources.ts';
import type { Ended } from './summary.ts';

/** The report of `--report`. `orders` are as `show --json` prints them; a request that was refused became no order. */
export interface Report {
  readonly seconds: number;
  readonly versions: Versions;
  readonly orders: readonly OrderView[];
  readonly scenarios: readonly {
    readonly name: string;
    readonly expected: string;
    readonly orderId: string | null;
    readonly faults: readonly string[];
  }[];
}

/** Makes the report of what was played. */
export const reportOf = (seconds: number, versions: Versions, ended: readonly Ended[]): Report => ({
  seconds,
  versions,
  orders: ended.flatMap(({ played }) => (played.view ? [played.view] : [])),
  scenarios: ended.map(({ scenario, played, faults }) => ({
    name: scenario.name,
    expected: scenario.ends,
    orderId: played.view?.orderId ?? null,
    faults,
  })),
});

/** Writes the report. Fails with a sentence that names the file. */
export async function writeReport(file: string, report: Report): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    throw new Error(`The report cannot be written to ${file}: ${sentenceOf(error)}`, { cause: error });
  }
}

/** Fails before the demo begins when its report could not be written at the end. */
export async function requireWritable(file: string): Promise<void> {
  try {
    await (await open(file, 'a')).close();
  } catch (error) {
    throw new AppError('bad-input', `--report ${file} cannot be written: ${sentenceOf(error)}`, { cause: error });
  }
}

/** The versions that played the demo, as the running parts report them. */
export interface Versions {
  readonly orderMediator: string;
  readonly node: string;
  readonly temporal: string | null;
  readonly nats: string | null;
  readonly postgres: string | null;
}

/** Asks every part. A NATS without a monitor does not report its version: null. */
export async function askVersions({ client, database }: Sources, natsMonitorUrl: string): Promise<Versions> {
  const [own, temporal, nats, postgres] = await Promise.all([
    readFile(new URL('../package.json', import.meta.url), 'utf8'),
    client.workflowService.getSystemInfo({}),
    natsVersion(natsMonitorUrl),
    database.run(postgresVersion()),
  ]);
  return {
    orderMediator: (JSON.parse(own) as { version: string }).version,
    node: process.versions.node,
    temporal: temporal.serverVersion || null,
    nats,
    postgres: postgres[0]?.version ?? null,
  };
}

const postgresVersion = statement(
  'demo.postgres-version',
  { version: text },
  () => sql`SELECT current_setting('server_version') AS version`,
);

async function natsVersion(monitorUrl: string): Promise<string | null> {
  const answer = await fetch(new URL('/varz', monitorUrl), { signal: AbortSignal.timeout(2000) }).catch(
    () => undefined,
  );
  if (!answer?.ok) return null;
  return ((await answer.json()) as { version?: string }).version ?? null;
}
