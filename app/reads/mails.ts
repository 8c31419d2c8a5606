import type { MailKind } from '../../contracts/notification.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import { tableExists } from './table-exists.ts';

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
