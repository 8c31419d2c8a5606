import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { defineListener } from '../../broker-bridge/facts/listener.ts';

/**
 * Counts the mails that were sent and those that were refused, per kind and day (UTC). Read by `app/reads/mails.ts`.
 */
export const listener = defineListener({
  name: 'email-analytics',
  about: 'counts the mails that were sent and refused, per kind and day',
  schema: 'email_analytics',
  reads: {
    'email-sent': ['kind'],
    'email-refused': ['kind'],
    'customer-emailed': ['kind'],
    'customer-email-refused': ['kind'],
  },
  follows: 'some-facts',
  replay: 'rebuild',
  tables: `CREATE TABLE IF NOT EXISTS email_analytics.mails_per_day (
    day date NOT NULL, kind text NOT NULL, mails bigint NOT NULL, refused bigint NOT NULL, PRIMARY KEY (day, kind))`,
  async apply(tx, { name, time, body }) {
    const isSent = name === 'email-sent' || name === 'customer-emailed';
    await tx.execute(addMail(time.slice(0, 10), body.kind, isSent ? 1 : 0, isSent ? 0 : 1));
  },
});

export const addMail = statement(
  'email-analytics.add-mail',
  {},
  (day: string, kind: string, sent: number, refused: number) => sql`
    INSERT INTO email_analytics.mails_per_day AS counted (day, kind, mails, refused) VALUES (${day}::date, ${kind}, ${sent}, ${refused})
    ON CONFLICT (day, kind) DO UPDATE SET mails = counted.mails + excluded.mails, refused = counted.refused + excluded.refused`,
);
