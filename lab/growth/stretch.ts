import { cpuBetween, cpuOf, memoryOf, totalOf, type CpuByName } from '../kit/processes.ts';
import { settled } from '../kit/settled.ts';
import { quantile } from '../kit/spread.ts';
import type { LabShop } from '../open-shop.ts';
import { deskTimes, type DeskTimes } from './desk-queries.ts';
import { complete, type Growing } from './orders.ts';

/** What was measured over one stretch of orders, and at its end. */
export interface Stretch {
  /** All orders that were completed until its end. */
  readonly orders: number;
  readonly perSecond: number;
  /** Milliseconds from the placing to the end of an order. */
  readonly finished: { readonly p50: number; readonly p99: number };
  /** Milliseconds of CPU per order, by process; what follows an order's end is counted with it. */
  readonly cpu: CpuByName;
  /** Milliseconds from the recording of a fact until the relay has noted that the stream has it. */
  readonly relayLag: { readonly p50: number; readonly p99: number };
  readonly desk: DeskTimes;
  /** MiB by process. */
  readonly memory: Readonly<Record<string, number>>;
  /** KiB that the database grew by, per order. */
  readonly databaseKiB: number;
}

/** Completes so many orders, and measures what they cost and what the shop is like then. */
export async function stretch(growing: Growing, count: number): Promise<Stretch> {
  const { shop, completed } = growing;
  const before = { cpu: cpuOf(shop.processes), ...(await databaseNow(shop)) };
  const begun = performance.now();
  const took = await complete(growing, count);
  const seconds = (performance.now() - begun) / 1_000;
  await settled(shop);
  const cpu = cpuBetween(before.cpu, cpuOf(shop.processes));
  const after = await databaseNow(shop);
  return {
    orders: completed.length,
    perSecond: count / seconds,
    finished: { p50: quantile(took, 0.5), p99: quantile(took, 0.99) },
    cpu: Object.fromEntries(Object.entries(cpu).map(([name, milliseconds]) => [name, milliseconds / count])),
    relayLag: await relayLag(shop, before.position),
    desk: await deskTimes(shop, completed),
    memory: memoryOf(shop.processes),
    databaseKiB: (after.bytes - before.bytes) / 1_024 / count,
  };
}

/** The CPU of all processes per order. */
export const cpuOfAll = ({ cpu }: Stretch): number => totalOf(cpu);

interface DatabaseNow {
  readonly bytes: number;
  /** Of the last fact. */
  readonly position: string;
}

async function databaseNow({ sql }: LabShop): Promise<DatabaseNow> {
  const { rows } = await sql.query<DatabaseNow>(
    `SELECT pg_database_size(current_database())::float8 AS bytes, coalesce(max(position), 0)::text AS position FROM outbox.fact`,
  );
  return rows[0] ?? { bytes: Number.NaN, position: '0' };
}

async function relayLag({ sql }: LabShop, since: string): Promise<Stretch['relayLag']> {
  const { rows } = await sql.query<{ ms: number }>(
    `SELECT extract(epoch FROM published_at - time)::float8 * 1000 AS ms FROM outbox.fact WHERE position > $1::bigint`,
    [since],
  );
  const lags = rows.map(({ ms }) => ms);
  return { p50: quantile(lags, 0.5), p99: quantile(lags, 0.99) };
}
