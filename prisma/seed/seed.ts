import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { ShippingZone } from '../../contracts/address.ts';
import type { Currency } from '../../contracts/money.ts';
import { sessionOn } from '../session.ts';

const folder = import.meta.dirname;

/**
 * Fills a migrated database with the catalogue, stock, customers and shipping rates of the example shop.
 * Idempotent: existing rows stay as they are, so stock that has been sold does not come back.
 */
export async function seed(databaseUrl: string): Promise<void> {
  const [books, customers] = await Promise.all([readTable('books.csv'), readTable('customers.csv')]);
  const client = new pg.Client(sessionOn(databaseUrl));
  await client.connect();
  try {
    await client.query('BEGIN');
    for (const statement of bookStatements) await client.query(statement, [JSON.stringify(books)]);
    await client.query(customerStatement, [JSON.stringify(customers)]);
    await client.query(rateStatement, [JSON.stringify(shippingRates)]);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

/** Rows of a file whose first line names the columns; `;` between values, no quoting. */
async function readTable(file: string): Promise<Record<string, string>[]> {
  const [head = '', ...lines] = (await readFile(join(folder, file), 'utf8')).trimEnd().split('\n');
  const columns = head.split(';');
  return lines.map((line) => {
    const values = line.split(';');
    return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
  });
}

const bookStatements = [
  `INSERT INTO order_placement.title (isbn, title, author)
   SELECT isbn, title, author FROM jsonb_to_recordset($1::jsonb) AS book(isbn text, title text, author text)
   ON CONFLICT DO NOTHING`,
  `INSERT INTO order_placement.price (isbn, currency, amount)
   SELECT isbn, price.currency, price.amount
   FROM jsonb_to_recordset($1::jsonb) AS book(isbn text, eur int, usd int, gbp int),
     LATERAL (VALUES ('EUR', eur), ('USD', usd), ('GBP', gbp)) AS price(currency, amount)
   ON CONFLICT DO NOTHING`,
  `INSERT INTO inventory.stock (isbn, on_hand)
   SELECT isbn, on_hand FROM jsonb_to_recordset($1::jsonb) AS book(isbn text, on_hand int)
   ON CONFLICT DO NOTHING`,
  `INSERT INTO order_fulfillment.weight (isbn, grams)
   SELECT isbn, grams FROM jsonb_to_recordset($1::jsonb) AS book(isbn text, grams int)
   ON CONFLICT DO NOTHING`,
  `INSERT INTO warehouse.reorder_rule (isbn, reorder_point, reorder_quantity)
   SELECT isbn, reorder_point, reorder_quantity
   FROM jsonb_to_recordset($1::jsonb) AS book(isbn text, reorder_point int, reorder_quantity int)
   ON CONFLICT DO NOTHING`,
];

const customerStatement = `INSERT INTO order_placement.customer (customer_id, name, email)
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS customer(customer_id text, name text, email text)
  ON CONFLICT DO NOTHING`;

/** The customer's price of shipping, in minor units: flat, by zone and currency. */
const shippingRates: readonly {
  readonly zone: ShippingZone;
  readonly amounts: Readonly<Record<Currency, number>>;
}[] = [
  { zone: 'near', amounts: { EUR: 490, USD: 549, GBP: 419 } },
  { zone: 'far', amounts: { EUR: 1490, USD: 1649, GBP: 1279 } },
  { zone: 'remote', amounts: { EUR: 2990, USD: 3290, GBP: 2569 } },
];

const rateStatement = `INSERT INTO order_placement.shipping_rate (zone, currency, amount)
  SELECT zone, key, value::int FROM jsonb_to_recordset($1::jsonb) AS rate(zone text, amounts jsonb), jsonb_each_text(amounts)
  ON CONFLICT DO NOTHING`;
