import { factAreas, type FactName } from '../../contracts/facts.ts';
import type { RecordedFact } from '../../contracts/views.ts';
import { bool, instant, int, oneOf } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';

const factNames = Object.keys(factAreas) as FactName[];
const factColumns = { name: oneOf(...factNames), sequence: int, at: instant };

/**
 * The facts of an order in the outbox, in their sequence. A fact is there from its transaction on, before any listener
 * has it.
 */
export const recordedFacts = (on: SqlRunner, orderId: string): Promise<readonly RecordedFact[]> =>
  on.run(outboxFacts(orderId));

export const outboxFacts = statement(
  'app.outbox-facts',
  factColumns,
  (orderId: string) => sql`
    SELECT name, sequence::int AS sequence, "time" AS at FROM outbox.fact WHERE key = ${orderId} ORDER BY fact.epoch, fact.sequence`,
);

/**
 * The facts of an order that its timeline, a listener, received, by their times, which rise with the sequence; none
 * when it has never run.
 */
export async function timelineOf(on: SqlRunner, orderId: string): Promise<readonly RecordedFact[]> {
  return (await tableExists(on, 'order_timeline.fact')) ? on.run(timelineFacts(orderId)) : [];
}

export const timelineFacts = statement(
  'app.timeline-facts',
  factColumns,
  (orderId: string) => sql`
    SELECT name, sequence::int AS sequence, at FROM order_timeline.fact WHERE order_id = ${orderId} ORDER BY fact.at, fact.source, fact.epoch, fact.sequence`,
);

/** True when the table exists. A listener makes its own at its first start. */
export async function tableExists(on: SqlRunner, table: string): Promise<boolean> {
  const [row] = await on.run(whetherTableExists(table));
  return row?.exists ?? false;
}

export const whetherTableExists = statement(
  'app.table-exists',
  { exists: bool },
  (table: string) => sql`SELECT to_regclass(${table}) IS NOT NULL AS exists`,
);
