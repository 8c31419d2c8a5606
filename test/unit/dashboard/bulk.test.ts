import { describe, expect, it } from 'vitest';
import type { BulkOrder, OrderPosition } from '../../../contracts/mediators/bulk.ts';
import {
  begun,
  chosenOrder,
  counted,
  previewOf,
  reportOf,
  type Selection,
} from '../../../dashboard/server/bulk/shown.ts';
import type { OrderRow } from '../../../contracts/views.ts';

const held: OrderPosition = { state: 'held', holdReason: 'fault' };

const orderOf = (orderId: string, changes: Partial<BulkOrder> = {}): BulkOrder => ({
  orderId,
  before: held,
  total: { amount: 100, currency: 'EUR' },
  ...changes,
});

const selectionOf = (orders: readonly BulkOrder[]): Selection => ({ id: 'b-1', action: 'retry', content: {}, orders });

describe('a bulk action at the desk', () => {
  it('is counted with what its orders come to, by currency', () => {
    const open: BulkOrder = { orderId: 'ord-3', before: { state: 'open', holdReason: null } };
    const pounds = orderOf('ord-2', { total: { amount: 5, currency: 'GBP' } });
    const selection = selectionOf([orderOf('ord-0'), orderOf('ord-1'), pounds, open]);
    expect(previewOf(selection, { isCut: false, missing: 1, perSecond: 20 })).toMatchObject({
      count: 4,
      missing: 1,
      byState: { held: 3, open: 1 },
      byHoldReason: { fault: 3 },
      amounts: [
        { amount: 200, currency: 'EUR' },
        { amount: 5, currency: 'GBP' },
      ],
    });
  });

  it('keeps of an order where it stood and what it came to; one without a price has no total', () => {
    const line = { orderId: 'ord-1', ...held, total: { amount: 7, currency: 'EUR' } } as OrderRow;
    expect(chosenOrder(line)).toEqual({ orderId: 'ord-1', before: held, total: { amount: 7, currency: 'EUR' } });
    expect(chosenOrder({ ...line, total: null })).toEqual({ orderId: 'ord-1', before: held });
  });

  it('is looked at again part by part; what it has not asked yet it has not changed', () => {
    const orders = [0, 1, 2, 3, 4].map((n) => orderOf(`ord-${n}`, n === 3 ? { answer: 'taken' } : {}));
    const now = new Map(orders.map(({ orderId }) => [orderId, { state: 'open', holdReason: null } as const]));
    const progress = { ...begun(selectionOf(orders), 'Monday', 'Ada'), done: 1, taken: 1 };
    const report = reportOf(progress, orders, now, { offset: 2, most: 2 });
    expect(report).toMatchObject({ name: 'Monday', actor: 'Ada', count: 5, changed: 1, offset: 2 });
    expect(report.orders.map(({ orderId, answer }) => [orderId, answer])).toEqual([
      ['ord-2', 'waiting'],
      ['ord-3', 'taken'],
    ]);
  });

  it('leaves an order that is gone where it stood', () => {
    const selection = selectionOf([orderOf('ord-0', { answer: 'refused', message: 'No.' })]);
    const report = reportOf(counted(selection), selection.orders, new Map(), { offset: 0, most: 500 });
    expect(report.orders).toEqual([{ orderId: 'ord-0', before: held, after: held, answer: 'refused', message: 'No.' }]);
    expect(report).toMatchObject({ state: 'previewed', changed: 0 });
  });
});
