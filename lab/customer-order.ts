import { encodeEvent } from '../broker-bridge/intake/encode-event.ts';
import { ensureCustomerEventStream } from '../broker-bridge/nats/our-streams.ts';
import { launchWorker, type WorkerProcess } from '../test/support/rig/worker.ts';
import { until } from '../test/support/until.ts';
import { addCustomers, openLabShop, type LabShop } from './open-shop.ts';

/*
 * `npm run lab:customer-order`: EVENTS (2,000) changes of address of one customer, then one of each of CUSTOMERS
 * (5,000) customers, while one process after the other is killed: intakes, customer mediators, order placement. Fails
 * unless every event is complete, was done once, and in the order of the queue.
 */

const number = (name: string, fallback: number): number => Number(process.env[name] ?? fallback);
const [events, customers] = [number('EVENTS', 2_000), number('CUSTOMERS', 5_000)];
const killEveryMs = number('KILL_EVERY_MS', 6_000);

const crew = [['intake'], ['customer-mediator'], ['order-placement'], ['intake'], ['customer-mediator']];

/** Kills the processes in turn, each while the others run, and starts another in its place. */
async function killInTurn(shop: LabShop, over: AbortSignal): Promise<number> {
  const launch = (names: readonly string[]) => launchWorker(names, shop.env, shop.folder, shop.build);
  const running: WorkerProcess[] = await Promise.all(crew.map(launch));
  let kills = 0;
  while (!over.aborted) {
    await new Promise((resolve) => setTimeout(resolve, killEveryMs));
    const at = kills % crew.length;
    await running[at]?.kill();
    running[at] = await launch(crew[at] as string[]);
    kills += 1;
  }
  await Promise.all(running.map((worker) => worker.stop()));
  return kills;
}

const street = (at: number): string => `${at} Bench Road`;

function changeOf(run: string, customerId: string, at: number) {
  const address = { name: 'Lab', street: street(at), city: 'Berlin', postcode: '10115', country: 'DE' };
  return encodeEvent({
    id: `${run}-${String(at).padStart(6, '0')}`,
    source: 'urn:lab',
    type: 'address-changed',
    data: { customerId, address },
  });
}

const one = async (shop: LabShop, text: string, values: readonly unknown[]): Promise<number> =>
  (await shop.sql.query<{ n: number }>(text, [...values])).rows[0]?.n ?? -1;

async function play(shop: LabShop, run: string, count: number, customerOf: (at: number) => string): Promise<boolean> {
  const over = new AbortController();
  const killing = killInTurn(shop, over.signal);
  const begun = performance.now();
  for (let at = 1; at <= count; at += 50) {
    const some = Array.from({ length: Math.min(50, count - at + 1) }, (_, index) => at + index);
    // One after the other, because the order of the queue is what is looked at.
    for (const each of some) await shop.broker.publish(changeOf(run, customerOf(each), each));
  }
  const complete = `SELECT count(*)::int AS n FROM mediator_store.initiating_event WHERE event_id LIKE $1 AND state = 'complete'`;
  const like = `${run}-%`;
  await until(async () => (await one(shop, complete, [like])) === count, {
    within: 1_200_000,
    what: `${count} events`,
  });
  const seconds = (performance.now() - begun) / 1000;
  over.abort();
  const kills = await killing;
  const outOfOrder = `SELECT count(*)::int AS n FROM (
      SELECT event_id, lag(event_id) OVER w AS before, completed_at, lag(completed_at) OVER w AS before_at
      FROM mediator_store.initiating_event WHERE event_id LIKE $1 WINDOW w AS (PARTITION BY customer_id ORDER BY position)
    ) AS row WHERE before > event_id OR before_at > completed_at`;
  const facts = `SELECT count(*)::int AS n FROM outbox.fact WHERE name = 'customer-address-changed' AND key = ANY (
      SELECT customer_id FROM mediator_store.initiating_event WHERE event_id LIKE $1)`;
  const lasting = `SELECT count(*)::int AS n FROM order_placement.customer JOIN (
      SELECT customer_id, max(event_id) AS last FROM mediator_store.initiating_event WHERE event_id LIKE $1 GROUP BY 1
    ) AS done USING (customer_id) WHERE address ->> 'street' <> (right(last, 6)::int)::text || ' Bench Road'`;
  const found = {
    outOfOrder: await one(shop, outOfOrder, [like]),
    factsTooMany: (await one(shop, facts, [like])) - count,
    wrongAddress: await one(shop, lasting, [like]),
  };
  console.log(`${run}: ${count} events in ${seconds.toFixed(0)} s, ${kills} kills: ${JSON.stringify(found)}`);
  return Object.values(found).every((wrong) => wrong === 0);
}

const shop = await openLabShop([]);
try {
  await ensureCustomerEventStream(shop.broker);
  await addCustomers(shop, customers);
  const isOne = await play(shop, 'one', events, () => 'lab-0');
  const isMany = await play(shop, 'many', customers, (at) => `lab-${at}`);
  if (!isOne || !isMany) process.exitCode = 1;
} finally {
  await shop.close();
}
