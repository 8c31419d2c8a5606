import { setTimeout as sleep } from 'node:timers/promises';
import { allDone } from '../kit/all-done.ts';
import { countStatements, type OrderBench } from './bench.ts';
import { counts } from './run.ts';
import type { Side } from './sides.ts';

/** What one order costs that is counted, not timed. */
export interface PerOrder {
  /** Events of its workflow's history. */
  readonly events: number;
  /** Messages that NATS has taken: facts, and what goes to and fro to get them confirmed. */
  readonly messages: number;
  readonly transactions: number;
  readonly statements: number;
}

/** PostgreSQL's processes tell their counts within a second, and idle ones within ten. */
const toldWithin = 11_000;

/** Counts once per side, beside the timed runs: what the system does without orders is counted too, and taken off. */
export async function perOrder(sides: readonly Side[], bench: OrderBench): Promise<Readonly<Record<string, PerOrder>>> {
  await countStatements(bench.shop, true);
  const idle = await countedDuring(bench, async () => undefined);
  const found: Record<string, PerOrder> = {};
  for (const side of sides) found[side.name] = await countSide(side, bench, idle);
  await countStatements(bench.shop, false);
  return found;
}

async function countSide(side: Side, bench: OrderBench, idle: Counted): Promise<PerOrder> {
  let workflowId = '';
  const during = await countedDuring(bench, async () => {
    const orders = Array.from({ length: counts.atOnce }, async () => {
      workflowId = await side.place();
      await bench.result(workflowId);
    });
    await allDone(orders);
    await bench.settle();
  });
  const idleTimes = during.seconds / idle.seconds;
  const each = (what: keyof Counters): number => Math.max(0, during[what] - idle[what] * idleTimes) / counts.atOnce;
  const { historyLength: events } = await bench.shop.client.workflow.getHandle(workflowId).describe();
  return { events, messages: each('messages'), transactions: each('transactions'), statements: each('statements') };
}

interface Counters {
  readonly messages: number;
  readonly transactions: number;
  readonly statements: number;
}

interface Counted extends Counters {
  readonly seconds: number;
}

async function countedDuring(bench: OrderBench, work: () => Promise<void>): Promise<Counted> {
  const before = await counters(bench);
  const begun = performance.now();
  await work();
  await sleep(toldWithin);
  const after = await counters(bench);
  return {
    seconds: (performance.now() - begun) / 1_000,
    messages: after.messages - before.messages,
    transactions: after.transactions - before.transactions,
    statements: after.statements - before.statements,
  };
}

async function counters({ shop: { sql, env } }: OrderBench): Promise<Counters> {
  const { rows } = await sql.query<{ transactions: number; statements: number }>(
    `SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())::float8 AS transactions,
       (SELECT coalesce(sum(calls), 0) FROM pg_stat_statements)::float8 AS statements`,
  );
  const response = await fetch(`${env['NATS_MONITOR_URL']}/varz`);
  const { in_msgs: messages } = (await response.json()) as { readonly in_msgs: number };
  return { messages, ...(rows[0] ?? { transactions: Number.NaN, statements: Number.NaN }) };
}
