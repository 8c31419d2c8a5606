import { join } from 'node:path';
import { checkout } from '../binaries.mjs';
import { launchProcess } from '../launch/process.ts';
import type { PartSpec } from './part.ts';

/** The worker processes of the system: each runs `workers/main.ts` with its own name. */
const names = ['order-mediator', 'mediators', 'processors', 'relay', 'intake', 'listeners'] as const;

/** The workers, which find everything through this environment. */
export const workersOf = (folder: string, env: NodeJS.ProcessEnv): readonly PartSpec[] =>
  names.map((name) => ({
    name,
    port: null,
    launch: () =>
      launchProcess({
        name,
        command: process.execPath,
        args: ['--import', 'tsx', join(checkout, 'workers', 'main.ts'), name],
        cwd: checkout,
        env,
        logFile: join(folder, 'workers', `${name}.log`),
        isReady: 'says-so',
        readyWithin: 60_000,
      }),
  }));
