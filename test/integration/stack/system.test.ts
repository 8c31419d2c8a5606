import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StackPorts } from '../../../config/config.ts';
import { checkout } from '../../../stack/binaries.mjs';
import { startOf } from '../../../stack/launch/command-line.ts';
import { launchProcess, type RunningProcess } from '../../../stack/launch/process.ts';
import type { ProcessEntry } from '../../../stack/system/system.ts';
import { freeStackPorts } from '../../support/system.ts';
import { until } from '../../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'system-'));
const log = join(folder, 'supervisor.log');
const state = join(folder, 'state');
let ports: StackPorts;
let system: RunningProcess;

const servers = ['card-gateway', 'carrier', 'nats', 'postgres', 'smtp-sink', 'supplier', 'temporal'];
const workers = [
  'ask',
  'dashboard',
  'deliveries',
  'intake',
  'listeners',
  'mediators',
  'order-mediator',
  'processors',
  'relay',
];
const everyPart = [...servers, ...workers].toSorted();

const launchSystem = (logFile = log): Promise<RunningProcess> =>
  launchProcess({
    name: 'system',
    command: process.execPath,
    args: ['--import', 'tsx', join(checkout, 'test/support/system-process.ts'), state, JSON.stringify(ports)],
    cwd: checkout,
    // What a developer's environment provides must not replace what is tested here.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    logFile,
    isReady: 'says-so',
    readyWithin: 110_000,
    stopWithin: 60_000,
  });

const processes = () => JSON.parse(readFileSync(join(state, 'processes.json'), 'utf8')) as readonly ProcessEntry[];
const pidOf = (part: string) => processes().find(({ name }) => name === part)?.pid ?? 0;
const isAlive = (pid: number) => startOf(pid) !== null;

async function query(sql: string): Promise<readonly Record<string, unknown>[]> {
  const url = `postgresql://postgres:postgres@127.0.0.1:${ports.postgres}/order_mediator`;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  ports = await freeStackPorts();
  system = await launchSystem();
});

afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('every part is listed with its process, and they all run', () => {
  expect(
    processes()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(everyPart);
  expect(processes().filter(({ pid }) => !isAlive(pid))).toEqual([]);
  expect(processes().find(({ name }) => name === 'nats')?.port).toBe(ports.nats);
});

test('a worker and a server that are killed are started again, with a line that says so', async () => {
  for (const part of ['relay', 'card-gateway']) {
    const before = pidOf(part);
    process.kill(before, 'SIGKILL');
    await until(() => pidOf(part) !== before && isAlive(pidOf(part)), { within: 60_000, what: `${part} to come back` });
    expect(readFileSync(log, 'utf8')).toContain(`${part}: process ${before} was killed; it is started again`);
  }
});

test('a second system in the same folder is refused, and the first goes on', async () => {
  await expect(launchSystem(join(folder, 'second.log'))).rejects.toThrow(
    `The system is already running from this checkout (process ${system.pid})`,
  );
  expect(processes().filter(({ pid }) => !isAlive(pid))).toEqual([]);
});

test('when the system is killed its parts end with it, and the next start finds everything that was stored', async () => {
  await query('CREATE TABLE kept (n int)');
  await query('INSERT INTO kept VALUES (7)');
  const pids = processes().map(({ pid }) => pid);
  await system.kill();
  await until(() => !pids.some(isAlive), { within: 30_000, what: 'all parts to end' });
  system = await launchSystem();
  expect(
    processes()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(everyPart);
  expect(await query('SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('the end leaves nothing running, and a port in use is told with its variable before anything starts', async () => {
  const pids = processes().map(({ pid }) => pid);
  await system.stop();
  expect(pids.filter(isAlive)).toEqual([]);
  expect(processes()).toEqual([]);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen({ port: ports.nats, host: '127.0.0.1' }, resolve));
  try {
    const refused = launchSystem(join(folder, 'third.log'));
    await expect(refused).rejects.toThrow(
      `Port ${ports.nats} for nats is in use: set STACK_NATS_PORT to a free one, or NATS_URL to use what is there.`,
    );
    expect(processes()).toEqual([]);
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});
