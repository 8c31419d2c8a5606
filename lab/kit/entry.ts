import { join } from 'node:path';
import { byNode, launchProcess, type RunningProcess } from '../../stack/launch/process.ts';

/**
 * Runs an entry file of the lab (a path in the checkout) in a process of its own, with `settings` as its argument, and
 * waits until it calls `ready`. The log lies in `folder`.
 */
export const launchEntry = (entry: string, folder: string, settings: object): Promise<RunningProcess> =>
  launchProcess({
    name: entry,
    ...byNode(entry, JSON.stringify(settings)),
    env: process.env,
    logFile: join(folder, `${entry.replaceAll('/', '-')}.log`),
    isReady: 'says-so',
    readyWithin: 60_000,
  });

/** The argument of an entry file. */
export const settingsOfEntry = (): unknown => JSON.parse(process.argv[2] ?? '{}');

/** An entry file says that it is ready for work, and closes what it opened when it is asked to end. */
export function ready(close: () => Promise<unknown>): void {
  process.once('SIGTERM', () => void close().finally(() => process.exit()));
  process.send?.('ready');
}
