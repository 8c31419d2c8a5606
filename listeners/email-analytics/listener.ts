import type { Fact } from '../../contracts/facts.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import type { Listener, Transaction } from '../../broker-bridge/facts/listener.ts';

/** Counts the sent mails per kind and day (UTC). Read by `app/reads/mails.ts`. */
export const listener: Listener = {
  name: 'email-analytics',
  schema: 'email_analytics',
  filterSubjects: ['orders.fact.email-sent.*', 'customers.fact.customer-emailed.>'],
  follows: 'some-facts',
  tables: `CREATE TABLE IF NOT EXISTS email_analytics.mails_per_day (
    day date NOT NULL, kind text NOT NULL, mails bigint NOT NULL, PRIMARY KEY (day, kind))`,
  apply: countMail,
};

export const addMail = statement(
  'email-analytics.add-mail',
  {},
  (day: string, kind: string) => sql`
    INSERT INTO email_analytics.mails_per_day AS counted (day, kind, mails) VALUES (${day}::date, ${kind}, 1)
    ON CONFLICT (day, kind) DO UPDATE SET mails = counted.mails + 1`,
);

async function countMail(tx: Transaction, fact: Fact): Promise<void> {
  const { kind } = (fact as Fact<'email-sent' | 'customer-emailed'>).body;
  await tx.execute(addMail(fact.time.slice(0, 10), kind));
}
