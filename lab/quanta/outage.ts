import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { placeOrder, type PlacedOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { labOrder } from '../lab-order.ts';
import { numberOf } from '../kit/number-of.ts';
import type { LabShop } from '../open-shop.ts';
import type { PaymentDatabases, Where } from './payment-database.ts';

/** The database that is away, and the one that payment works in. */
export interface Scenario {
  readonly payment: Where;
  readonly away: Where;
}

/** What happened while a database was away, by the facts of that time; and after it. */
export interface Outage {
  readonly orderIds: number;
  readonly charges: number;
  readonly stockTaken: number;
  readonly completed: number;
  /** Orders that were placed before, during and after, and those of them that were completed at the end. */
  readonly placed: number;
  readonly completedAtLast: number;
  /** From the return of the database until the last of them was completed. */
  readonly secondsToTheEnd: number;
}

/** Seconds of the outage, and of the orders before and behind it; one order every so many milliseconds. */
export const outage = { seconds: 10, before: 4, behind: 2, placeEvery: 500 } as const;

const policy = loadOrderPolicy({});

/** Places orders steadily while a database refuses every connection for a while, and waits for the ends of all. */
export async function withOutage(shop: LabShop, databases: PaymentDatabases, away: Where): Promise<Outage> {
  const placing: Promise<PlacedOrder>[] = [];
  const over = new AbortController();
  const steadily = async () => {
    for (; !over.signal.aborted; await sleep(outage.placeEvery))
      placing.push(placeOrder({ client: shop.client, event: labOrder(), policy, deadlineMs: 120_000 }));
  };
  const placed = steadily();
  await sleep(outage.before * 1_000);
  const begun = new Date();
  const back = await takeAway(databases.url[away]);
  await sleep(outage.seconds * 1_000);
  const ended = new Date();
  await back();
  await sleep(outage.behind * 1_000);
  over.abort();
  await placed;
  const orders = await Promise.all(placing);
  const ends = await Promise.all(orders.map(({ workflowId }) => shop.client.workflow.getHandle(workflowId).result()));
  const secondsToTheEnd = (Date.now() - ended.getTime()) / 1_000;
  const told = (name: string) => toldIn(databases, name, begun, ended);
  return {
    orderIds: await told('order-created'),
    charges: await told('payment-applied'),
    stockTaken: await told('inventory-updated'),
    completed: await told('order-completed'),
    placed: orders.length,
    completedAtLast: ends.filter((end) => (end as { outcome?: string }).outcome === 'completed').length,
    secondsToTheEnd,
  };
}

/** Closes a database to everybody, and ends what is connected. Resolves with the way to open it again. */
async function takeAway(databaseUrl: string): Promise<() => Promise<void>> {
  const url = new URL(databaseUrl);
  const name = pg.escapeIdentifier(url.pathname.slice(1));
  const closed = url.pathname.slice(1);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [closed]);
  return async () => {
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await client.end();
  };
}

async function toldIn({ sql }: PaymentDatabases, name: string, from: Date, to: Date): Promise<number> {
  const text = 'SELECT count(*)::int AS n FROM outbox.fact WHERE name = $1 AND time BETWEEN $2 AND $3';
  const counts = await Promise.all(Object.values(sql).map((pool) => numberOf(pool, text, [name, from, to])));
  return counts.reduce((sum, n) => sum + n, 0);
}
