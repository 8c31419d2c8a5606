import { readFile } from 'node:fs/promises';
import { text } from '../prisma/codec.ts';
import { sql } from '../prisma/sql.ts';
import { statement } from '../prisma/statement.ts';
import type { Sources } from '../app/sources.ts';

/** Which versions played the demo, as the running parts say it themselves. */
export interface Versions {
  readonly orderMediator: string;
  readonly node: string;
  readonly temporal: string | null;
  readonly nats: string | null;
  readonly postgres: string | null;
}

/** Asks everybody. A NATS without a monitor does not tell: null. */
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

export const postgresVersion = statement(
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
