import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWarehouseProcessor } from '../../../activities/warehouse/processor.ts';
import { createSupplier } from '../../../activities/warehouse/supplier.ts';
import type { WarehouseProcessor } from '../../../contracts/warehouse.ts';
import { createWarehouseStore } from '../../../activities/warehouse/store.ts';
import { until } from '../../support/until.ts';
import { anOrderId, atOnce, isbns, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let processor: WarehouseProcessor;
beforeAll(async () => {
  bench = await openWorkbench({ supplier: { deliverySeconds: 0.2, mode: 'whole' } });
  const supplier = createSupplier(bench.rig.supplier.url);
  processor = createWarehouseProcessor({ supplier, store: createWarehouseStore(bench.database) });
});
afterAll(() => bench.close());

const order = (levels: readonly { isbn: string; onHand: number }[], orderId = anOrderId()) => ({
  requestId: `${orderId}/order-stock/1`,
  orderId,
  levels,
});
let made = 0;
const low = async (): Promise<string> => {
  const isbn = `9792${String(++made).padStart(9, '0')}`;
  await bench.sql('INSERT INTO warehouse.reorder_rule VALUES ($1, 40, 120)', [isbn]);
  return isbn;
};
const suppliersOrdersOf = (isbn: string) =>
  bench.rig.supplier.orders().filter((entry) => JSON.stringify(entry).includes(isbn));

describe('order-stock', () => {
  it('re-orders a title at its reorder point, not one above it', async () => {
    const [isbn, above] = [await low(), await low()];
    const command = order([
      { isbn, onHand: 40 },
      { isbn: above, onHand: 41 },
      { isbn: 'a title without a rule', onHand: 0 },
    ]);
    const { purchaseOrders } = await processor.orderStock(command);
    expect(purchaseOrders).toEqual([{ purchaseOrderId: expect.stringMatching(/^po-/) as string, isbn, quantity: 120 }]);
    expect(suppliersOrdersOf(isbn)).toHaveLength(1);
    expect(suppliersOrdersOf(above)).toEqual([]);
    expect(await bench.factsOf(isbn)).toEqual(['stock-ordered']);
  });

  it('has the seeded title come down to its reorder point', async () => {
    const levels = [{ isbn: isbns.low, onHand: 40 }];
    expect((await processor.orderStock(order(levels))).purchaseOrders).toHaveLength(1);
  });

  it('gives the same answer to the same request 20 times at once, with one purchase order each', async () => {
    const levels = [await low(), await low()].map((isbn) => ({ isbn, onHand: 1 }));
    const command = order(levels);
    const answers = await atOnce(20, () => processor.orderStock(command));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.purchaseOrders).toHaveLength(2);
    for (const { isbn } of levels) {
      expect(suppliersOrdersOf(isbn)).toHaveLength(1);
      expect(await bench.factsOf(isbn)).toEqual(['stock-ordered']);
    }
  });

  it('opens one purchase order of a title for 20 orders at once, whatever the order of their lines', async () => {
    const titles = [await low(), await low(), await low()];
    const answers = await atOnce(20, (index) => {
      const turned = index % 2 === 0 ? titles : titles.toReversed();
      return processor.orderStock(order(turned.map((isbn) => ({ isbn, onHand: 3 }))));
    });
    expect(answers.flatMap((answer) => answer.purchaseOrders)).toHaveLength(3);
    for (const isbn of titles) expect(suppliersOrdersOf(isbn)).toHaveLength(1);
  });

  it('answers that nothing was low, and says so again although it is low by then', async () => {
    const isbn = await low();
    const command = order([{ isbn, onHand: 100 }]);
    expect(await processor.orderStock(command)).toEqual({ purchaseOrders: [] });
    expect(await processor.orderStock({ ...command, levels: [{ isbn, onHand: 1 }] })).toEqual({ purchaseOrders: [] });
  });

  it('orders nothing for a title whose purchase order is still open, and again when it is closed', async () => {
    const isbn = await low();
    const ask = () => processor.orderStock(order([{ isbn, onHand: 1 }]));
    const [open] = (await ask()).purchaseOrders;
    expect((await ask()).purchaseOrders).toEqual([]);
    await processor.closePurchaseOrder({ requestId: 'x', purchaseOrderId: open?.purchaseOrderId ?? '' });
    expect((await ask()).purchaseOrders).toMatchObject([{ isbn, quantity: 120 }]);
  });

  it('goes on with its own intent when the supplier was away', async () => {
    const isbn = await low();
    const command = order([{ isbn, onHand: 1 }]);
    await bench.rig.supplier.kill();
    await expect(processor.orderStock(command)).rejects.toThrow('supplier did not answer');
    expect(await bench.factsOf(isbn)).toEqual([]);
    await bench.rig.supplier.start();
    expect((await processor.orderStock(command)).purchaseOrders).toHaveLength(1);
    expect(suppliersOrdersOf(isbn)).toHaveLength(1);
    expect(await bench.factsOf(isbn)).toEqual(['stock-ordered']);
  });
});

describe('deliveries', () => {
  it('are seen when the supplier has made them; a closed purchase order lets the title be ordered again', async () => {
    const isbn = await low();
    const [purchaseOrder] = (await processor.orderStock(order([{ isbn, onHand: 1 }]))).purchaseOrders;
    const { purchaseOrderId } = purchaseOrder ?? expect.fail('nothing was ordered');
    const check = { requestId: `${purchaseOrderId}/check-delivery`, purchaseOrderId };
    const { deliveries } = await until(async () => {
      const status = await processor.checkDelivery(check);
      return status.complete && status;
    });
    expect(deliveries).toEqual([{ deliveryId: expect.any(String) as string, quantity: 120 }]);
    expect((await processor.orderStock(order([{ isbn, onHand: 1 }]))).purchaseOrders).toEqual([]);
    const close = { requestId: `${purchaseOrderId}/close-purchase-order`, purchaseOrderId };
    expect(await processor.closePurchaseOrder(close)).toEqual({ closed: true, purchaseOrders: [] });
    expect(await processor.closePurchaseOrder(close)).toEqual({ closed: true, purchaseOrders: [] });
    expect((await processor.orderStock(order([{ isbn, onHand: 1 }]))).purchaseOrders).toHaveLength(1);
  });

  it('cannot be closed when there is no such purchase order', async () => {
    const close = { requestId: 'po-none/close-purchase-order', purchaseOrderId: 'po-none' };
    expect(await processor.closePurchaseOrder(close)).toEqual({ closed: false, purchaseOrders: [] });
  });
});
