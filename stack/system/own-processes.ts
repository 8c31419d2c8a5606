import { join } from 'node:path';
import { checkout } from '../binaries.mjs';
import { launchProcess } from '../launch/process.ts';
import type { ProcessPlan } from './supervise.ts';
import type { ProvidedAddress, StackPorts } from '../../config/config.ts';

/** The worker processes of the system: each runs `workers/main.ts` with its own name. */
const names = ['order-mediator', 'mediators', 'processors', 'relay', 'intake', 'listeners'] as const;

/** The workers. They read every address from this environment. */
export const workersOf = (folder: string, env: NodeJS.ProcessEnv): readonly ProcessPlan[] =>
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

/** The repair desk, a process of its own. It links to the servers that this system runs itself. */
export function dashboardOf(
  folder: string,
  ports: StackPorts,
  provided: ReadonlySet<ProvidedAddress>,
  env: NodeJS.ProcessEnv,
): ProcessPlan {
  const links = {
    ...(provided.has('SMTP_URL') ? {} : { MAILS_URL: at(ports.mails) }),
    ...(provided.has('TEMPORAL_ADDRESS') ? {} : { TEMPORAL_UI_URL: at(ports.temporalUi) }),
  };
  return {
    name: 'dashboard',
    port: ports.dashboard,
    launch: () =>
      launchProcess({
        name: 'dashboard',
        command: process.execPath,
        args: ['--import', 'tsx', join(checkout, 'dashboard', 'main.ts')],
        cwd: checkout,
        env: { ...links, ...env, DASHBOARD_PORT: String(ports.dashboard) },
        logFile: join(folder, 'workers', 'dashboard.log'),
        isReady: 'says-so',
        readyWithin: 60_000,
      }),
  };
}

const at = (port: number): string => `http://127.0.0.1:${port}`;

/** The port it needs. */
export const dashboardPort = ({ dashboard }: StackPorts) => ({
  name: 'dashboard',
  listens: [{ port: dashboard, variable: 'STACK_DASHBOARD_PORT' }],
});
