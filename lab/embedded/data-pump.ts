import type { RunningComponent } from '../../broker-bridge/component.ts';
import { defineListener } from '../../broker-bridge/facts/listener.ts';
import { startListener, type ListenerOptions } from '../../broker-bridge/facts/start-listener.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/**
 * The data pump: a listener that fills another database from the facts of the shop. Its tables and its inbox are in the
 * same database, and change in one transaction: each fact counts once there, and in its order, whatever fails. The shop
 * does not know of it, and no query of it costs the shop anything.
 */
export const salesPump = defineListener({
  name: 'sales-pump',
  about: 'fills the database of the sales department: what each customer ordered, and what became of it',
  schema: 'sales',
  reads: {
    'order-created': ['orderId', 'customerId', 'total'],
    'order-completed': [],
    'order-cancelled': [],
  },
  follows: 'every-fact-of-a-key',
  replay: 'rebuild',
  tables: `CREATE TABLE IF NOT EXISTS sales.order (
    order_id text PRIMARY KEY, customer_id text NOT NULL, amount bigint NOT NULL, currency text NOT NULL, state text NOT NULL)`,
  async apply(tx, { key, name, body }) {
    if (name !== 'order-created') await tx.execute(endSale(key, name === 'order-completed' ? 'sold' : 'cancelled'));
    else await tx.execute(beginSale(key, body.customerId, body.total.amount, body.total.currency));
  },
});

const beginSale = statement(
  'lab.sales-pump-begin',
  {},
  (orderId: string, customerId: string, amount: number, currency: string) => sql`
    INSERT INTO sales.order (order_id, customer_id, amount, currency, state)
    VALUES (${orderId}, ${customerId}, ${amount}::bigint, ${currency}, 'ordered')`,
);

const endSale = statement(
  'lab.sales-pump-end',
  {},
  (orderId: string, state: string) => sql`UPDATE sales.order SET state = ${state} WHERE order_id = ${orderId}`,
);

/** Starts the pump. `databaseUrl` leads to the database that it fills, and that nobody else writes to. */
export const startPump = (options: Omit<ListenerOptions, 'listener'>): RunningComponent =>
  startListener({ ...options, listener: salesPump });
