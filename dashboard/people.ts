import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { actOnReturn } from '../client/act-on-return.ts';
import type { Sources } from '../client/orders.ts';
import { findMail, mailTable, type KeptMail } from '../prisma/read/mail-table.ts';
import { listReturns, type ListedReturn } from '../prisma/read/returns.ts';
import type { MailRow, ReturnRow } from './api/people.ts';
import { fromCursor, instant, toCursor } from './cursor.ts';
import { Failure } from './failure.ts';
import type { SentMails } from './mails/sent-mails.ts';
import type { People } from './ports.ts';

const deadlineMs = 10_000;
/** Returns that the desk shows at once. */
const mostReturns = 500;

const place = z.strictObject({ intendedAt: instant, requestId: z.string().max(300) });

/** Mails that were sent, and returns that wait for somebody. */
export const createPeople = (sources: Sources, sent: SentMails): People => ({
  async mails({ q, cursor, limit }) {
    const after = cursor === undefined ? null : fromCursor(place, cursor);
    const found = await mailTable(sources.prisma, { ...(q ? { q } : {}), after, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last ? toCursor({ intendedAt: last.intendedAt, requestId: last.requestId }) : null;
    return { mails: shown.map(mailRow), next };
  },
  async mail(requestId) {
    const kept = await findMail(sources.prisma, requestId);
    if (!kept) throw new Failure('not-found', 'There is no such mail.');
    return { ...mailRow(kept), content: kept.sentAt === null ? null : await sent(kept.messageId) };
  },
  async returns(waiting) {
    const [listed, awaited] = await Promise.all([
      listReturns(sources.prisma, { waiting, limit: mostReturns }),
      waiting ? undefined : listReturns(sources.prisma, { waiting: true, limit: mostReturns }),
    ]);
    return { returns: listed.map(returnRow), waiting: (awaited ?? listed).length };
  },
  actOnReturn: (requestId, name, action) =>
    actOnReturn({ sources, requestId, name, action, updateId: `act-${randomUUID()}`, deadlineMs }),
});

function mailRow(kept: KeptMail): MailRow {
  const { messageId: _, ...mail } = kept;
  return mail;
}

const returnRow = (of: ListedReturn): ReturnRow => ({
  requestId: of.requestId,
  orderId: of.orderId,
  customerId: of.customerId,
  state: of.state,
  reason: of.reason,
  lines: of.lines,
  amount: of.amount,
  since: of.since,
  deadline: of.deadline,
  workflowId: of.workflowId,
  inspected: of.inspected,
});
