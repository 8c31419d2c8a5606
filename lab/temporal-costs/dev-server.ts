import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { requireBinary } from '../../stack/binaries.mjs';
import { acceptsConnections, freePort } from '../../stack/launch/ports.ts';
import { launchProcess } from '../../stack/launch/process.ts';
import type { Server } from './server.ts';

/** How a development server is started; what is left out is its own default. */
export interface DevServerOptions {
  /** Dynamic configuration, as `name=value`. */
  readonly settings?: readonly string[];
  /** On disk, with these pragmas; in memory when left out. */
  readonly pragmas?: readonly string[];
  /** Go's setting of garbage collection; 100 by default. */
  readonly gogc?: string;
}

/** Starts the development server of the Temporal CLI. */
export async function startDevServer(
  folder: string,
  { settings = [], pragmas, gogc }: DevServerOptions,
): Promise<Server> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const { GOGC: _, ...env } = process.env;
  const running = await launchProcess({
    name: 'temporal',
    command: requireBinary('temporal'),
    args: [
      'server',
      'start-dev',
      '--headless',
      '--ip=127.0.0.1',
      `--port=${port}`,
      '--log-level=error',
      ...settings.flatMap((setting) => ['--dynamic-config-value', setting]),
      ...(pragmas ? ['--db-filename', join(folder, 'temporal.db')] : []),
      ...(pragmas ?? []).flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ],
    env: gogc === undefined ? env : { ...env, GOGC: gogc },
    logFile: join(folder, 'temporal.log'),
    isReady: () => acceptsConnections(port),
    readyWithin: 60_000,
  });
  return { address: `127.0.0.1:${port}`, processes: [{ name: 'temporal', pid: running.pid }], stop: running.stop };
}
