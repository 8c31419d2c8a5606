import { randomUUID } from 'node:crypto';
import { actOnReturn } from '../../app/act-on-return.ts';
import type { Sources } from '../../app/sources.ts';
import { countOrders } from '../../app/reads/order-filter.ts';
import { titlesOf, type OrderedTitle, countWaitingReturns, listReturns } from '../../app/reads/returns.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import type { ListedReturn, ReturnActionRecorded } from '../../contracts/views.ts';
import type { ReturnDone, ReturnLine, ReturnRow } from './api/people.ts';
import type { Returns } from './ports.ts';

const returnDeadlineMs = 10_000;
/** The desk shows no more returns at once. */
const mostReturns = 500;
/** More approvals are not counted. */
const mostApprovals = 100_000;

/** The returns, and how many orders wait for an approval beside them. */
export const createReturns = (sources: Sources): Returns => ({
  async list(waiting) {
    const listed = await listReturns(sources.database, { waiting, limit: mostReturns });
    const [titles, count, approvals] = await Promise.all([
      titlesOf(sources.database, [...new Set(listed.map(({ orderId }) => orderId))]),
      countWaitingReturns(sources.database),
      countOrders(sources.database, { holdReason: 'approval' }, mostApprovals),
    ]);
    return { returns: returnRows(listed, titles), waiting: count, approvals };
  },
  act: (requestId, name, action, updateId = `act-${randomUUID()}`) =>
    actOnReturn({ sources, requestId, name, action, updateId, deadlineMs: returnDeadlineMs }),
});

function returnRows(listed: readonly ListedReturn[], titles: readonly OrderedTitle[]): readonly ReturnRow[] {
  const known = new Map(titles.map((title) => [`${title.orderId} ${title.isbn}`, title]));
  return listed.map((of) => returnRow(of, (isbn) => known.get(`${of.orderId} ${isbn}`)));
}

type TitleOf = (isbn: string) => OrderedTitle | undefined;

const returnRow = (of: ListedReturn, titleOf: TitleOf): ReturnRow => {
  const { lines, actions, reminders: _, isFinished: __, ...row } = of;
  return {
    ...row,
    lines: lines.map((line) => lineWithTitle(line, titleOf(line.isbn))),
    actions: actions.map(actionDone),
  };
};

const lineWithTitle = ({ isbn, quantity }: OrderLine, known: OrderedTitle | undefined): ReturnLine => ({
  isbn,
  quantity,
  title: known?.title ?? null,
  price: known ? { amount: known.unitAmount, currency: known.currency } : null,
});

function actionDone({ action, actor, details, at }: ReturnActionRecorded): ReturnDone {
  const { reason } = details;
  return { action, actor, reason: typeof reason === 'string' ? reason : null, at };
}
