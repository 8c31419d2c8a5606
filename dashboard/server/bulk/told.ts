import { currencies, type Money } from '../../../contracts/money.ts';
import type { OrderLineOfTable } from '../../../app/reads/order-table.ts';
import type { BulkPreview, BulkProgress, BulkReport, OrderStanding } from '../api/orders.ts';
import type { Job, JobResult } from './job.ts';

/* What the page is told of a bulk action. */

/** Where an order stands, of all that is known of it. */
export const standingOf = ({ state, holdReason }: OrderStanding): OrderStanding => ({ state, holdReason });

/** What an order of the table comes to; null before it has a price. */
export const totalOf = ({ totalAmount: amount, currency }: OrderLineOfTable): Money | null =>
  amount !== null && currency !== null ? { amount, currency } : null;

/** The count before anything is done. */
export function previewOf(
  job: Job,
  { perSecond, ...found }: Pick<BulkPreview, 'isCut' | 'missing' | 'perSecond'>,
): BulkPreview {
  const results = [...job.results.values()];
  const held = results.flatMap(({ before }) => (before.holdReason === null ? [] : [before.holdReason]));
  return {
    id: job.id,
    action: job.action,
    count: results.length,
    byState: countsOf(results.map(({ before }) => before.state)),
    byHoldReason: countsOf(held),
    amounts: amountsOf(results),
    ...found,
    perSecond,
  };
}

function amountsOf(results: readonly JobResult[]): readonly Money[] {
  const totals = results.flatMap(({ total }) => (total ? [total] : []));
  return currencies.flatMap((currency) => {
    const own = totals.filter((total) => total.currency === currency);
    return own.length > 0 ? [{ amount: own.reduce((sum, { amount }) => sum + amount, 0), currency }] : [];
  });
}

/** How far it is. */
export function progressOf({ id, action, state, results }: Job): BulkProgress {
  const { waiting = 0, taken = 0, refused = 0, unknown = 0 } = countsOf([...results.values()].map((of) => of.answer));
  return { id, action, state, count: results.size, done: results.size - waiting, taken, refused, unknown };
}

/** The second look. An order that is gone from the mediator store (refused at step 1) stands where it stood, and one that was not asked yet has not been changed by this. */
export function reportOf(
  job: Job,
  now: ReadonlyMap<string, OrderStanding>,
  { offset, most }: { readonly offset: number; readonly most: number },
): BulkReport {
  const all = [...job.results].map(([orderId, { before, answer, message }]) => {
    const after = standingOf(now.get(orderId) ?? before);
    return { orderId, before, after, answer, message };
  });
  const changed = all.filter(({ answer, before, after }) => answer !== 'waiting' && isElsewhere(before, after)).length;
  return { ...progressOf(job), changed, orders: all.slice(offset, offset + most), offset };
}

const isElsewhere = (before: OrderStanding, after: OrderStanding): boolean =>
  after.state !== before.state || after.holdReason !== before.holdReason;

function countsOf<Name extends string>(names: readonly Name[]): Partial<Record<Name, number>> {
  const counts: Partial<Record<Name, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
