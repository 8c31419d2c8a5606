import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { defineListener } from '../../broker-bridge/facts/listener.ts';

/**
 * Counts the mails that were sent, refused and bounced, per kind and day (UTC). A mail that bounces counts on the day
 * it was sent, so that what bounced of a day's mails is a share of them. Read by `app/reads/mails.ts`.
 */
export const listener = defineListener({
  name: 'email-analytics',
  about: 'counts the mails that were sent, refused and bounced, per kind and day',
  schema: 'email_analytics',
  reads: {
    'email-sent': ['kind'],
    'email-refused': ['kind'],
    'email-bounced': ['kind', 'sentAt'],
    'customer-emailed': ['kind'],
    'customer-email-refused': ['kind'],
    'customer-email-bounced': ['kind', 'sentAt'],
  },
  follows: 'some-facts',
  replay: 'rebuild',
  tables: `CREATE TABLE IF NOT EXISTS email_analytics.mails_per_day (
    day date NOT NULL, kind text NOT NULL, mails bigint NOT NULL, refused bigint NOT NULL, bounced bigint NOT NULL,
    PRIMARY KEY (day, kind))`,
  async apply(tx, { name, time, body }) {
    const at = 'sentAt' in body ? body.sentAt : time;
    await tx.execute(addMail(at.slice(0, 10), body.kind, endOf[name]));
  },
});

const endOf = {
  'email-sent': 'mails',
  'email-refused': 'refused',
  'email-bounced': 'bounced',
  'customer-emailed': 'mails',
  'customer-email-refused': 'refused',
  'customer-email-bounced': 'bounced',
} as const;

export const addMail = statement(
  'email-analytics.add-mail',
  {},
  (day: string, kind: string, end: 'mails' | 'refused' | 'bounced') => sql`
    INSERT INTO email_analytics.mails_per_day AS counted (day, kind, mails, refused, bounced)
    VALUES (${day}::date, ${kind}, (${end} = 'mails')::int, (${end} = 'refused')::int, (${end} = 'bounced')::int)
    ON CONFLICT (day, kind) DO UPDATE SET mails = counted.mails + excluded.mails, refused = counted.refused + excluded.refused,
      bounced = counted.bounced + excluded.bounced`,
);
