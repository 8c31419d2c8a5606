import type { BulkOrder, BulkProgress, OrderPosition } from '../../../contracts/mediators/bulk.ts';
import { currencies, type Money } from '../../../contracts/money.ts';
import type { OrderRow } from '../../../contracts/views.ts';
import type { BulkPreview, BulkReport } from '../api/orders.ts';
import type { BulkAsked } from '../ports.ts';

/* The forms in which the page gets a bulk action. */

/** The orders that were counted, and the action on them. */
export interface Selection extends Pick<BulkAsked, 'action' | 'content'> {
  readonly id: string;
  readonly orders: readonly BulkOrder[];
}

const positionOf = ({ state, holdReason }: OrderPosition): OrderPosition => ({ state, holdReason });

/** An order of the table that was chosen. */
export const chosenOrder = (line: OrderRow): BulkOrder => ({
  orderId: line.orderId,
  before: positionOf(line),
  ...(line.total && { total: line.total }),
});

/** The count before anything is done. */
export function previewOf(
  { id, action, orders }: Selection,
  { perSecond, ...found }: Pick<BulkPreview, 'isCut' | 'missing' | 'perSecond'>,
): BulkPreview {
  const held = orders.flatMap(({ before }) => (before.holdReason === null ? [] : [before.holdReason]));
  return {
    id,
    action,
    count: orders.length,
    byState: countsOf(orders.map(({ before }) => before.state)),
    byHoldReason: countsOf(held),
    amounts: amountsOf(orders),
    ...found,
    perSecond,
  };
}

function amountsOf(orders: readonly BulkOrder[]): readonly Money[] {
  const totals = orders.flatMap(({ total }) => (total ? [total] : []));
  return currencies.flatMap((currency) => {
    const own = totals.filter((total) => total.currency === currency);
    return own.length > 0 ? [{ amount: own.reduce((sum, { amount }) => sum + amount, 0), currency }] : [];
  });
}

const none = { done: 0, taken: 0, refused: 0, unknown: 0, control: null } as const;

/** A bulk action that has just begun. */
export const begun = ({ id, action, orders }: Selection, name: string, actor: string): BulkProgress => ({
  id,
  name,
  actor,
  action,
  state: 'running',
  count: orders.length,
  ...none,
});

/** A bulk action that was counted, and not begun. */
export const counted = (selection: Selection): Omit<BulkReport, 'changed' | 'orders' | 'offset'> => ({
  ...begun(selection, '', ''),
  state: 'previewed',
});

/**
 * The report. An order that is gone from the mediator store (refused at step 1) keeps its state of before, and one that
 * was not asked yet counts as unchanged.
 */
export function reportOf(
  progress: Omit<BulkReport, 'changed' | 'orders' | 'offset'>,
  orders: readonly BulkOrder[],
  now: ReadonlyMap<string, OrderPosition>,
  { offset, most }: { readonly offset: number; readonly most: number },
): BulkReport {
  const all = orders.map(({ orderId, before, answer = 'waiting' as const, message = null }) => {
    const after = positionOf(now.get(orderId) ?? before);
    return { orderId, before, after, answer, message };
  });
  const changed = all.filter(({ answer, before, after }) => answer !== 'waiting' && isElsewhere(before, after)).length;
  return { ...progress, changed, orders: all.slice(offset, offset + most), offset };
}

const isElsewhere = (before: OrderPosition, after: OrderPosition): boolean =>
  after.state !== before.state || after.holdReason !== before.holdReason;

function countsOf<Name extends string>(names: readonly Name[]): Partial<Record<Name, number>> {
  const counts: Partial<Record<Name, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
