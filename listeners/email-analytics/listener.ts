import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { defineListener } from '../../broker-bridge/facts/listener.ts';

/** Counts the sent mails per kind and day (UTC). Read by `app/reads/mails.ts`. */
export const listener = defineListener({
  name: 'email-analytics',
  about: 'counts the mails per kind and day',
  schema: 'email_analytics',
  reads: { 'email-sent': ['kind'], 'customer-emailed': ['kind'] },
  follows: 'some-facts',
  replay: 'rebuild',
  tables: `CREATE TABLE IF NOT EXISTS email_analytics.mails_per_day (
    day date NOT NULL, kind text NOT NULL, mails bigint NOT NULL, PRIMARY KEY (day, kind))`,
  async apply(tx, { time, body }) {
    await tx.execute(addMail(time.slice(0, 10), body.kind));
  },
});

export const addMail = statement(
  'email-analytics.add-mail',
  {},
  (day: string, kind: string) => sql`
    INSERT INTO email_analytics.mails_per_day AS counted (day, kind, mails) VALUES (${day}::date, ${kind}, 1)
    ON CONFLICT (day, kind) DO UPDATE SET mails = counted.mails + 1`,
);
