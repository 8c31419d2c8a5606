import { customerMailKinds, orderMailKinds, returnMailKinds } from '../../contracts/notification.ts';
import { int, nullable, oneOf, text } from '../../prisma/codec.ts';
import { sql, toMicroseconds, type Sql } from '../../prisma/sql.ts';
import { statement, type RowFrom, type SqlRunner } from '../../prisma/statement.ts';
import { tableExists } from './facts.ts';

/** A mail as notification keeps it: its customer, kind and instants; never its text. */
export type KeptMail = RowFrom<typeof keptMails>;

/** A page of mails. */
export interface MailQuery {
  /** A whole order id or customer id. */
  readonly q?: string;
  readonly after: Pick<KeptMail, 'intendedAt' | 'requestId'> | null;
  readonly limit: number;
}

/** A page of mails, newest first. */
export function mailTable(on: SqlRunner, { q, after, limit }: MailQuery): Promise<KeptMail[]> {
  const wanted = q ? sql`(order_id = ${q} OR customer_id = ${q})` : sql`true`;
  const further = after
    ? sql`(intended_at, request_id) < (${after.intendedAt}::timestamptz, ${after.requestId})`
    : sql`true`;
  return on.run(
    keptMails(sql`${wanted} AND ${further} ORDER BY mail.intended_at DESC, request_id DESC LIMIT ${limit}::int`),
  );
}

/** The mail of this request id, or null. */
export async function findMail(on: SqlRunner, requestId: string): Promise<KeptMail | null> {
  const [mail] = await on.run(keptMails(sql`request_id = ${requestId}`));
  return mail ?? null;
}

export const keptMails = statement(
  'app.kept-mails',
  {
    requestId: text,
    orderId: nullable(text),
    customerId: text,
    kind: text,
    messageId: text,
    /** ISO 8601, to the microsecond. */
    intendedAt: text,
    sentAt: nullable(text),
    refusedAt: nullable(text),
    bouncedAt: nullable(text),
    /** RFC 3463, such as `5.1.1`. */
    bounceStatus: nullable(text),
  },
  (which: Sql) => sql`
    SELECT request_id AS "requestId", order_id AS "orderId", customer_id AS "customerId", kind, message_id AS "messageId",
      ${toMicroseconds('intended_at')} AS "intendedAt", ${toMicroseconds('sent_at')} AS "sentAt",
      ${toMicroseconds('refused_at')} AS "refusedAt", ${toMicroseconds('bounced_at')} AS "bouncedAt", bounce_status AS "bounceStatus"
    FROM notification.mail WHERE ${which}`,
);

/** The mails of a kind that were sent on a day, those of them that bounced, and those that were refused. */
export type MailsPerDay = RowFrom<typeof countedMails>;

/** The counts of the e-mail analytics listener, newest day first; none when it has never run. */
export async function mailsPerDay(on: SqlRunner): Promise<readonly MailsPerDay[]> {
  return (await tableExists(on, 'email_analytics.mails_per_day')) ? on.run(countedMails()) : [];
}

const countedMails = statement(
  'app.mails-per-day',
  {
    /** `2026-11-23`, UTC. */
    day: text,
    kind: oneOf(...orderMailKinds, ...returnMailKinds, ...customerMailKinds),
    mails: int,
    /** The mails that the mail server would not take. */
    refused: int,
    /** Of those that were sent on the day, whenever they came back. */
    bounced: int,
  },
  () => sql`
    SELECT day::text AS day, kind, mails::int AS mails, refused::int AS refused, bounced::int AS bounced FROM email_analytics.mails_per_day
    ORDER BY mails_per_day.day DESC, kind`,
);
