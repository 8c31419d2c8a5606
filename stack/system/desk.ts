import { join } from 'node:path';
import type { ProvidedAddress, StackPorts } from '../../config/config.ts';
import { checkout } from '../binaries.mjs';
import { launchProcess } from '../launch/process.ts';
import type { PartSpec } from './part.ts';

/** The repair desk, a process of its own. It links to the servers that this system runs itself. */
export function deskOf(
  folder: string,
  ports: StackPorts,
  provided: ReadonlySet<ProvidedAddress>,
  env: NodeJS.ProcessEnv,
): PartSpec {
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
export const deskPort = ({ dashboard }: StackPorts) => ({
  name: 'dashboard',
  listens: [{ port: dashboard, variable: 'STACK_DASHBOARD_PORT' }],
});
