import type { Fact } from '../../contracts/facts.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import type { Listener, Transaction } from '../../broker-bridge/facts/listener.ts';

/** Keeps the facts of each order as they were broadcast. Read by `app/reads/order-timeline.ts`. */
export const listener: Listener = {
  name: 'order-timeline',
  about: 'keeps the facts of each order as they were broadcast',
  schema: 'order_timeline',
  reads: 'orders',
  follows: 'every-fact-of-a-key',
  replay: 'rebuild',
  tables: `CREATE TABLE IF NOT EXISTS order_timeline.fact (
    order_id text NOT NULL, source text NOT NULL, epoch bigint NOT NULL, sequence bigint NOT NULL, name text NOT NULL, at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(), body jsonb NOT NULL,
    PRIMARY KEY (order_id, source, epoch, sequence))`,
  apply: (tx, fact) => keepFact(tx, fact),
};

export const addFact = statement(
  'order-timeline.add-fact',
  {},
  ({
    key,
    source,
    epoch,
    sequence,
    name,
    time,
    body,
  }: Pick<Fact, 'key' | 'source' | 'epoch' | 'sequence' | 'name' | 'time' | 'body'>) => sql`
    INSERT INTO order_timeline.fact (order_id, source, epoch, sequence, name, at, body)
    VALUES (${key}, ${source}, ${epoch}, ${sequence}, ${name}, ${time}::timestamptz, ${JSON.stringify(body)}::jsonb)`,
);

const keepFact = async (tx: Transaction, fact: Fact): Promise<void> => void (await tx.execute(addFact(fact)));
