import { join } from 'node:path';
import { byNode, launchProcess } from '../launch/process.ts';
import type { ProcessPlan } from './supervise.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import type { ProvidedAddress, StackPorts } from '../../config/config.ts';

/** The worker processes of the system: each runs `workers/main.ts` with its own name. */
export const workerProcesses = [
  'order-mediator',
  'mediators',
  'processors',
  'relay',
  'intake',
  'deliveries',
  'ask',
  'listeners',
] as const;

/** A process of ours, which says itself when it is ready. */
const launchOwn = (name: string, run: ReturnType<typeof byNode>, folder: string, env: NodeJS.ProcessEnv) =>
  launchProcess({
    name,
    ...run,
    env,
    logFile: join(folder, 'workers', `${name}.log`),
    isReady: 'says-so',
    readyWithin: 60_000,
  });

/** The environment of a process by its name: what it may use, and no other's logins. */
export type EnvironmentOf = (name: string) => NodeJS.ProcessEnv;

/**
 * The workers; that of the compact lane only where orders are placed in it. They read every address from their
 * environment.
 */
export const workersOf = (folder: string, envOf: EnvironmentOf): readonly ProcessPlan[] =>
  [...workerProcesses, ...(loadOrderPolicy(envOf('compact')).lane === 'compact' ? ['compact'] : [])].map((name) => ({
    name,
    port: null,
    launch: () => launchOwn(name, byNode('workers/main.ts', name), folder, envOf(name)),
  }));

/** The repair desk, a process of its own. It links to the servers that this system runs itself. */
export function dashboardOf(
  folder: string,
  ports: StackPorts,
  provided: ReadonlySet<ProvidedAddress>,
  env: NodeJS.ProcessEnv,
): ProcessPlan {
  const own = {
    ...(provided.has('SMTP_URL') ? {} : { MAILS_URL: at(ports.mails) }),
    ...(provided.has('TEMPORAL_ADDRESS') ? {} : { TEMPORAL_UI_URL: at(ports.temporalUi) }),
    ...env,
    DASHBOARD_PORT: String(ports.dashboard),
  };
  const launch = () => launchOwn('dashboard', byNode('dashboard/main.ts'), folder, own);
  return { name: 'dashboard', port: ports.dashboard, launch };
}

const at = (port: number): string => `http://127.0.0.1:${port}`;
