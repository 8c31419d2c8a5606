import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import type { MailKind } from '../../contracts/notification.ts';
import { tableExists } from './facts.ts';

/** A mail as notification keeps it: who, what kind, when; never what it says. */
export interface KeptMail {
  readonly requestId: string;
  readonly orderId: string | null;
  readonly customerId: string;
  readonly kind: string;
  readonly messageId: string;
  /** ISO 8601, to the microsecond. */
  readonly intendedAt: string;
  readonly sentAt: string | null;
  readonly refusedAt: string | null;
}

/** Which mails. */
export interface MailQuery {
  /** A whole order id or customer id. */
  readonly q?: string;
  readonly after: Pick<KeptMail, 'intendedAt' | 'requestId'> | null;
  readonly limit: number;
}

/** A page of mails, newest first. */
export function mailTable(
  prisma: Pick<PrismaClient, '$queryRaw'>,
  { q, after, limit }: MailQuery,
): Promise<KeptMail[]> {
  const wanted = q ? Prisma.sql`(order_id = ${q} OR customer_id = ${q})` : Prisma.sql`true`;
  const further = after
    ? Prisma.sql`(intended_at, request_id) < (${after.intendedAt}::timestamptz, ${after.requestId})`
    : Prisma.sql`true`;
  return prisma.$queryRaw<KeptMail[]>(Prisma.sql`
    ${mails} WHERE ${wanted} AND ${further} ORDER BY mail.intended_at DESC, request_id DESC LIMIT ${limit}::int`);
}

/** The mail of this request id, or null. */
export async function findMail(prisma: Pick<PrismaClient, '$queryRaw'>, requestId: string): Promise<KeptMail | null> {
  const [mail] = await prisma.$queryRaw<KeptMail[]>(Prisma.sql`${mails} WHERE request_id = ${requestId}`);
  return mail ?? null;
}

const instant = (column: string): Prisma.Sql =>
  Prisma.raw(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);

const mails = Prisma.sql`
  SELECT request_id AS "requestId", order_id AS "orderId", customer_id AS "customerId", kind, message_id AS "messageId",
    ${instant('intended_at')} AS "intendedAt", ${instant('sent_at')} AS "sentAt", ${instant('refused_at')} AS "refusedAt"
  FROM notification.mail`;

/** How many mails of a kind were sent on a day. */
export interface MailsPerDay {
  /** `2026-11-23`, UTC. */
  readonly day: string;
  readonly kind: MailKind;
  readonly mails: number;
}

/** What the e-mail analytics listener has counted, newest day first; nothing when it has never run. */
export async function mailsPerDay(prisma: Pick<PrismaClient, '$queryRaw'>): Promise<readonly MailsPerDay[]> {
  if (!(await tableExists(prisma, 'email_analytics.mails_per_day'))) return [];
  return prisma.$queryRaw<MailsPerDay[]>`
    SELECT day::text AS day, kind, mails::int AS mails FROM email_analytics.mails_per_day ORDER BY mails_per_day.day DESC, kind`;
}
