import { join } from 'node:path';
import { checkout } from '../binaries.mjs';
import { answersHttp } from './answers.ts';
import { launchProcess, type RunningProcess } from './process.ts';

/** One of this project's own small servers. */
export interface NodeServer {
  readonly name: string;
  /** Its entry file, from the checkout's folder. */
  readonly entry: string;
  readonly folder: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly healthUrl: string;
}

/** Runs it in a process of its own, by Node with the TypeScript loader, until its health answers. */
export const launchNodeServer = ({ name, entry, folder, args, env, healthUrl }: NodeServer): Promise<RunningProcess> =>
  launchProcess({
    name,
    command: process.execPath,
    args: ['--import', 'tsx', join(checkout, entry), '--folder', folder, ...args],
    cwd: checkout,
    env: { ...process.env, ...env },
    logFile: join(folder, `${name}.log`),
    isReady: () => answersHttp(healthUrl),
  });
