import type { Fact } from '../../contracts/facts.ts';
import type { Listener, Transaction } from '../../broker-bridge/facts/listener.ts';

/** Keeps the facts of each order as they were broadcast. Read by `app/reads/order-timeline.ts`. */
export const listener: Listener = {
  name: 'order-timeline',
  schema: 'order_timeline',
  filterSubjects: ['orders.fact.>'],
  follows: 'every-fact-of-a-key',
  tables: `CREATE TABLE IF NOT EXISTS order_timeline.fact (
    order_id text NOT NULL, sequence bigint NOT NULL, name text NOT NULL, at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(), body jsonb NOT NULL, PRIMARY KEY (order_id, sequence))`,
  apply: keepFact,
};

async function keepFact(tx: Transaction, fact: Fact): Promise<void> {
  await tx.query('INSERT INTO order_timeline.fact (order_id, sequence, name, at, body) VALUES ($1, $2, $3, $4, $5)', [
    fact.key,
    fact.sequence,
    fact.name,
    fact.time,
    JSON.stringify(fact.body),
  ]);
}
