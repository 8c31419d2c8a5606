import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { actOnReturn } from '../../app/act-on-return.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import { findMail, mailTable, type KeptMail } from '../../app/reads/mails.ts';
import { countOrders } from '../../app/reads/order-filter.ts';
import {
  countWaitingReturns,
  listReturns,
  type ListedReturn,
  type OrderedTitle,
  titlesOf,
} from '../../app/reads/returns.ts';
import type { MailRow, ReturnDone, ReturnLine, ReturnRow } from './api/people.ts';
import { fromCursor, instant, toCursor } from './cursor.ts';
import { Failure } from './failure.ts';
import { lookedFor } from './input.ts';
import type { SentMails } from './mails/sent-mails.ts';
import type { People } from './ports.ts';
import type { Sources } from '../../app/sources.ts';

const deadlineMs = 10_000;
/** Returns that the desk shows at once. */
const mostReturns = 500;
/** Nobody decides more than that. */
const mostCounted = 100_000;

const place = z.strictObject({ intendedAt: instant, requestId: lookedFor(700) });

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
    const listed = await listReturns(sources.prisma, { waiting, limit: mostReturns });
    const [titles, count, approvals] = await Promise.all([
      titlesOf(sources.prisma, [...new Set(listed.map(({ orderId }) => orderId))]),
      countWaitingReturns(sources.prisma),
      countOrders(sources.prisma, { holdReason: 'approval' }, mostCounted),
    ]);
    return { returns: rowsOf(listed, titles), waiting: count, approvals };
  },
  actOnReturn: (requestId, name, action, updateId = `act-${randomUUID()}`) =>
    actOnReturn({ sources, requestId, name, action, updateId, deadlineMs }),
});

function mailRow(kept: KeptMail): MailRow {
  const { messageId: _, ...mail } = kept;
  return mail;
}

function rowsOf(listed: readonly ListedReturn[], titles: readonly OrderedTitle[]): readonly ReturnRow[] {
  const known = new Map(titles.map((title) => [`${title.orderId} ${title.isbn}`, title]));
  return listed.map((of) => rowOf(of, (isbn) => known.get(`${of.orderId} ${isbn}`)));
}

type TitleOf = (isbn: string) => OrderedTitle | undefined;

const rowOf = (of: ListedReturn, titleOf: TitleOf): ReturnRow => ({
  requestId: of.requestId,
  orderId: of.orderId,
  customerId: of.customerId,
  state: of.state,
  reason: of.reason,
  lines: of.lines.map((line) => lineOf(line, titleOf(line.isbn))),
  amount: of.amount,
  since: of.since,
  deadline: of.deadline,
  workflowId: of.workflowId,
  inspected: of.inspected,
  trouble: of.trouble,
  actions: of.actions.map(doneOf),
});

const lineOf = ({ isbn, quantity }: OrderLine, known: OrderedTitle | undefined): ReturnLine => ({
  isbn,
  quantity,
  title: known?.title ?? null,
  price: known ? { amount: known.unitAmount, currency: known.currency } : null,
});

function doneOf({ action, actor, details, at }: ListedReturn['actions'][number]): ReturnDone {
  const { reason } = details;
  return { action, actor, reason: typeof reason === 'string' ? reason : null, at };
}
