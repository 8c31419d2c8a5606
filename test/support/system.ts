import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StackPorts } from '../../config/config.ts';
import { freePort } from '../../stack/launch/ports.ts';

/** A whole system, as `npm start` runs it, in a folder and on ports of its own. */
export interface SystemProcess {
  readonly processes: () => readonly { readonly name: string; readonly pid: number }[];
  /** Kills the supervisor and every part by SIGKILL, at one moment. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const names = [
  'temporal',
  'temporalUi',
  'nats',
  'natsMonitor',
  'postgres',
  'cardGateway',
  'supplier',
  'carrier',
  'smtp',
  'mails',
  'dashboard',
] as const;

/** Free ports for a whole system. */
export async function freeStackPorts(): Promise<StackPorts> {
  const ports = await Promise.all(names.map(async (name) => [name, await freePort()] as const));
  return Object.fromEntries(ports) as unknown as StackPorts;
}

/** Starts a system and resolves when it is up. */
export async function startSystemProcess(
  folder: string,
  ports: StackPorts,
  environment: Readonly<Record<string, string>> = {},
): Promise<SystemProcess> {
  const entry = fileURLToPath(new URL('./system-process.ts', import.meta.url));
  const options = {
    execArgv: ['--import', 'tsx'],
    silent: true,
    env: { ...environmentWithoutAddresses(), ...environment },
  };
  const child = fork(entry, [folder, JSON.stringify(ports)], options);
  const exited = once(child, 'exit');
  let said = '';
  child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  const [ready] = (await Promise.race([once(child, 'message'), exited])) as unknown[];
  if (ready !== 'ready') throw new Error(`The system did not start.\n${said}`);
  const processes = () =>
    JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8')) as { name: string; pid: number }[];
  return {
    processes,
    async kill() {
      const parts = processes();
      child.kill('SIGKILL');
      for (const { pid } of parts) process.kill(pid, 'SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** A developer's own addresses must not lead this system elsewhere. */
const environmentWithoutAddresses = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(TEMPORAL_|NATS_URL|NATS_CREDS|DATABASE_URL|SMTP_URL|CARD_|SUPPLIER_|CARRIER_)/.test(name),
    ),
  );
