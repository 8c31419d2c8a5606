import { setTimeout as sleep } from 'node:timers/promises';
import { placeOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { freePort } from '../../stack/launch/ports.ts';
import { launchProcess } from '../../stack/launch/process.ts';
import { workerProcesses } from '../../stack/system/own-processes.ts';
import { allDone } from '../kit/all-done.ts';
import { cpuBetween, cpuOf, memoryOf, type CountedProcess } from '../kit/processes.ts';
import type { MeasureOptions, Measurement, Report } from '../kit/report.ts';
import { labOrder } from '../lab-order.ts';
import { withLabShop, type LabShop } from '../open-shop.ts';
import { reportOf, type Idle } from './report.ts';

/** What a shop uses while nothing happens, after it has had work. */
export const measurement: Measurement = {
  name: 'idle',
  summary: 'memory of every process after some orders, and CPU of an idle shop',
  runs: 5,
  async measure(options): Promise<Report> {
    options.say('opening a shop');
    const workers = workerProcesses.map((name) => [name]);
    return withLabShop(workers, (shop) => measured(shop, options));
  },
};

/** Orders before anything is measured, so that memory is that of a worker at work; and the seconds that are idle. */
const settings = { orders: 150, atOnce: 50, settleSeconds: 15, idleSeconds: 30 };

async function measured(shop: LabShop, { runs, say }: MeasureOptions): Promise<Report> {
  const processes = [...shop.processes, await startDesk(shop)];
  await shop.sql.query('UPDATE inventory.stock SET on_hand = 1000000');
  say(`${settings.orders} orders first`);
  for (let placed = 0; placed < settings.orders; placed += settings.atOnce)
    await allDone(Array.from({ length: settings.atOnce }, () => order(shop)));
  await sleep(settings.settleSeconds * 1_000);
  const all: Idle[] = [];
  for (let run = 1; run <= runs; run += 1) {
    all.push(await idleOf(processes));
    say(`run ${run} of ${runs}`);
  }
  return reportOf(all, settings);
}

async function startDesk({ env, folder, build, onClose }: LabShop): Promise<CountedProcess> {
  const desk = await launchProcess({
    name: 'dashboard',
    command: process.execPath,
    args: [`${build}/dashboard/main.js`],
    cwd: build,
    env: { ...env, DASHBOARD_PORT: String(await freePort()) },
    logFile: `${folder}/dashboard.log`,
    isReady: 'says-so',
    readyWithin: 60_000,
  });
  onClose(desk.stop);
  return { name: 'dashboard', pid: desk.pid };
}

async function order({ client }: LabShop): Promise<unknown> {
  const { workflowId } = await placeOrder({
    client,
    event: labOrder(),
    policy: loadOrderPolicy({}),
    deadlineMs: 300_000,
  });
  return client.workflow.getHandle(workflowId).result();
}

async function idleOf(processes: readonly CountedProcess[]): Promise<Idle> {
  const before = cpuOf(processes);
  const begun = performance.now();
  await sleep(settings.idleSeconds * 1_000);
  const used = cpuBetween(before, cpuOf(processes));
  const elapsed = performance.now() - begun;
  const percent = Object.fromEntries(Object.entries(used).map(([name, cpuMs]) => [name, (cpuMs * 100) / elapsed]));
  return { percent, memory: memoryOf(processes) };
}
