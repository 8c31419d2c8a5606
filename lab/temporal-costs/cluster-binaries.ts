import { existsSync } from 'node:fs';
import { cachedBinary } from '../../stack/binaries.mjs';
import { getByGo } from '../../stack/setup/go.mjs';
import { reasonOf } from '../../stack/setup/run.mjs';

/** Temporal's own server and its tool for SQL schemas. */
export interface ClusterBinaries {
  readonly server: string;
  readonly sqlTool: string;
}

/** The version that the development server has inside. */
export const clusterVersion = '1.32.0';

const pinOf = (command: string) => ({
  go: { module: `go.temporal.io/server/cmd/${command}`, version: clusterVersion },
});

/** In milliseconds. It takes five minutes of two cores when Go has built nothing of it before. */
const longestBuild = 20 * 60_000;

/** Builds them once into the checkout's cache, where there is Go. Says why, and gives null, when they cannot be had. */
export async function clusterBinaries(say: (line: string) => void): Promise<ClusterBinaries | null> {
  try {
    const server = await built('temporal-server', 'server');
    const sqlTool = await built('temporal-sql-tool', 'tools/sql');
    return { server, sqlTool };
  } catch (error) {
    say(`the server on PostgreSQL is left out: ${reasonOf(error)}`);
    return null;
  }
}

async function built(name: string, command: string): Promise<string> {
  const path = cachedBinary(name, clusterVersion);
  if (!existsSync(path)) await getByGo(name, pinOf(command), longestBuild);
  return path;
}
