import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { placeOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { until } from '../../test/support/until.ts';
import { labOrder } from '../lab-order.ts';
import { labLog, withLabShop, type LabShop } from '../open-shop.ts';
import { startPump } from './data-pump.ts';
import { startPriceService } from './own-databases.ts';

/*
 * `npx tsx lab/embedded/main.ts data-pump` and `… own-databases`: the two hybrids of docs/hybrids.md, each on servers
 * of its own. Prints what the other database holds at the end.
 */

const noDeadLetters = {
  send: () => Promise.reject(new Error('The examples make no dead letters.')),
  accepted: () => Promise.resolve(),
};

/** A database beside the shop's, on the same server: empty, for it is nobody's but the example's. */
async function otherDatabase({ sql, env }: LabShop, name: string): Promise<string> {
  await sql.query(`CREATE DATABASE ${name}`);
  const url = new URL(env['DATABASE_URL'] ?? '');
  url.pathname = `/${name}`;
  return url.href;
}

async function showRows(databaseUrl: string, wanted: number, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const rows = async () => (await client.query<object>(text)).rows;
    await until(async () => (await rows()).length === wanted, { within: 60_000, what: `${wanted} rows` });
    console.table(await rows());
  } finally {
    await client.end();
  }
}

async function dataPump(): Promise<void> {
  return withLabShop([['order-mediator'], ['processors'], ['relay']], async (shop) => {
    const databaseUrl = await otherDatabase(shop, 'sales');
    const pump = startPump({ databaseUrl, broker: shop.broker, deadLetters: noDeadLetters, log: labLog });
    shop.onClose(() => pump.stop());
    for (let order = 0; order < 3; order += 1)
      await placeOrder({
        client: shop.client,
        event: labOrder(),
        policy: loadOrderPolicy({}),
        deadlineMs: 60_000,
      });
    await showRows(databaseUrl, 3, `SELECT * FROM sales.order WHERE state = 'sold' ORDER BY order_id`);
  });
}

async function ownDatabases(): Promise<void> {
  return withLabShop([], async (shop) => {
    const { env, broker } = shop;
    const databaseUrls = { prices: env['DATABASE_URL'] ?? '', offers: await otherDatabase(shop, 'offers') };
    const service = startPriceService({ databaseUrls, broker, log: labLog, deadLetters: noDeadLetters });
    shop.onClose(service.stop);
    for (const [isbn, amount] of [
      ['9780134685991', 3990],
      ['9780132350884', 9990],
      ['9780201633610', 1990],
    ] as const)
      // prettier-ignore
      await service.changePrice({ requestId: randomUUID(), isbn, price: { amount, currency: 'EUR' } });
    await showRows(databaseUrls.offers, 2, 'SELECT * FROM offers.offer ORDER BY isbn');
  });
}

const examples: Readonly<Record<string, () => Promise<void>>> = {
  'data-pump': dataPump,
  'own-databases': ownDatabases,
};

const example = examples[process.argv[2] ?? ''];
if (!example) throw new Error(`Say which example to run: ${Object.keys(examples).join(' or ')}.`);
await example();
