import { setTimeout as sleep } from 'node:timers/promises';
import { orderWorkflowId } from '../../contracts/ids.ts';
import { factStream } from '../../contracts/facts.ts';
import { labStream } from '../broker-topology/messages.ts';
import { cpuOf, totalOf } from '../kit/processes.ts';
import { labOrder } from '../lab-order.ts';
import type { Side } from './sides.ts';
import { Finishes } from './told.ts';

/** One run of one side. Times are milliseconds; costs are per order, with many at once. */
export interface SpeedRun {
  /** Until the order was accepted, one at a time. */
  readonly accepted: readonly number[];
  /** Until the customer's last mail was sent, one at a time. */
  readonly finished: readonly number[];
  readonly perSecond: number;
  readonly cpuMs: number;
  /** Messages in and out of NATS, acknowledgements and requests for more included. */
  readonly natsMessages: number;
  /** Messages that a stream keeps. */
  readonly streamMessages: number;
  /** Transactions of PostgreSQL that wrote something. Temporal writes into a database of its own. */
  readonly transactions: number;
  /** Events of the history in Temporal; 0 where there is none. */
  readonly historyEvents: number;
}

/** Orders of one run. */
export const sizes = { oneAtATime: 30, atOnce: 50, each: 2 } as const;

/** What is still under way after the last mail ends meanwhile, and is counted. */
const settleMs = 1_500;

/** Warms a side up: the first orders of a process pay for its start. */
export async function warm(side: Side): Promise<void> {
  await manyAtOnce(side, 1);
}

/** Orders one at a time for the latency, then many at once for throughput and costs. */
export async function measureSpeed(side: Side): Promise<SpeedRun> {
  const times = await oneAtATime(side);
  const before = await countersOf(side);
  const perSecond = await manyAtOnce(side, sizes.each);
  await sleep(settleMs);
  const after = await countersOf(side);
  const perOrder = (of: keyof Counters): number => (after[of] - before[of]) / (sizes.atOnce * sizes.each);
  return {
    ...times,
    perSecond,
    cpuMs: perOrder('cpuMs'),
    natsMessages: perOrder('natsMessages'),
    streamMessages: perOrder('streamMessages'),
    transactions: perOrder('transactions'),
  };
}

async function oneAtATime(side: Side): Promise<Pick<SpeedRun, 'accepted' | 'finished' | 'historyEvents'>> {
  const finishes = new Finishes(side);
  const [accepted, finished]: [number[], number[]] = [[], []];
  let last = labOrder();
  for (let order = 0; order < sizes.oneAtATime; order += 1) {
    last = labOrder();
    const begun = Date.now();
    const orderId = await side.place(last);
    accepted.push(Date.now() - begun);
    finished.push((await finishes.of(orderId)) - begun);
  }
  return { accepted, finished, historyEvents: await eventsOf(side, last.requestId) };
}

/** So many customers, each of whom orders again as soon as the order before has finished. Orders per second. */
async function manyAtOnce(side: Side, each: number): Promise<number> {
  const finishes = new Finishes(side);
  const begun = Date.now();
  let last = begun;
  const customer = async () => {
    for (let order = 0; order < each; order += 1)
      last = Math.max(last, await finishes.of(await side.place(labOrder())));
  };
  await Promise.all(Array.from({ length: sizes.atOnce }, customer));
  return (sizes.atOnce * each * 1_000) / (last - begun);
}

async function eventsOf({ name, shop }: Side, requestId: string): Promise<number> {
  if (name === 'broker') return 0;
  const handle = shop.client.workflow.getHandle(orderWorkflowId(requestId));
  await handle.result();
  return (await handle.describe()).historyLength;
}

interface Counters {
  readonly cpuMs: number;
  readonly natsMessages: number;
  readonly streamMessages: number;
  readonly transactions: number;
}

async function countersOf({ shop, crew, serverPids }: Side): Promise<Counters> {
  const [facts, own, nats, written] = await Promise.all([
    shop.broker.streamInfo(factStream.name),
    shop.broker.streamInfo(labStream.name),
    fetch(`${shop.env['NATS_MONITOR_URL']}/varz`).then((answer) => answer.json() as Promise<Varz>),
    // The next number of a transaction that writes: the statistics of PostgreSQL come up to ten seconds late.
    shop.sql.query<{ next: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next'),
  ]);
  return {
    cpuMs: totalOf(cpuOf([...serverPids, ...crew.pids].map((pid) => ({ name: 'all', pid })))),
    natsMessages: nats.in_msgs + nats.out_msgs,
    streamMessages: (facts?.lastSequence ?? 0) + (own?.lastSequence ?? 0),
    transactions: Number(written.rows[0]?.next ?? 0),
  };
}

interface Varz {
  readonly in_msgs: number;
  readonly out_msgs: number;
}
