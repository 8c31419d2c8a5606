import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createWarehouseProcessor } from '../../../activities/warehouse/processor.ts';
import { createWarehouseStore } from '../../../activities/warehouse/store.ts';
import { createSupplier } from '../../../activities/warehouse/supplier.ts';
import type { PurchaseOrder, WarehouseProcessor } from '../../../contracts/warehouse.ts';
import { openStockroom, type Stockroom } from './stockroom.ts';
import { anOrderId, atOnce, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let room: Stockroom;
let warehouse: WarehouseProcessor;
beforeAll(async () => {
  bench = await openWorkbench({ supplier: { deliverySeconds: 3600, mode: 'whole' } });
  const supplier = createSupplier(bench.rig.supplier.url);
  warehouse = createWarehouseProcessor({ supplier, store: createWarehouseStore(bench.database) });
  room = openStockroom(bench);
});
afterEach(() => room.expectBalance());
afterAll(() => bench.close());

type Known = PurchaseOrder & { readonly state: string };

const open = (isbn: string) =>
  bench.sql<Known>(
    `SELECT purchase_order_id AS "purchaseOrderId", isbn, quantity, state FROM warehouse.purchase_order
     WHERE isbn = $1 AND state <> 'closed' ORDER BY intended_at, purchase_order_id`,
    [isbn],
  );
const quantities = async (isbn: string) => (await open(isbn)).map(({ quantity }) => quantity);
const theOne = async (isbn: string) => (await open(isbn))[0] ?? expect.fail(`nothing is on order of ${isbn}`);

const orderStock = (isbn: string, level: number | null) => {
  const orderId = anOrderId();
  const missing = level === null ? [{ isbn, quantity: 1 }] : [];
  const levels = level === null ? [] : [{ isbn, onHand: level }];
  return warehouse.orderStock({ requestId: `${orderId}/order-stock/1`, orderId, levels, missing });
};
const close = ({ purchaseOrderId }: PurchaseOrder) =>
  warehouse.closePurchaseOrder({ requestId: `${purchaseOrderId}/close-purchase-order`, purchaseOrderId });
const book = async ({ purchaseOrderId, isbn }: PurchaseOrder, quantity: number) => {
  await room.deliver(isbn, quantity, `of-${purchaseOrderId}`, purchaseOrderId);
};
const reconcile = () =>
  warehouse.reconcileStock({ requestId: `reconcile-stock/${anOrderId()}`, olderThanSeconds: 3600 });
/** The supplier has another purchase order under this id, and answers 409. */
const refuse = ({ purchaseOrderId, isbn, quantity }: PurchaseOrder) =>
  createSupplier(bench.rig.supplier.url).place({ purchaseOrderId, isbn, quantity: quantity + 1 });
const longAgo = ({ purchaseOrderId }: PurchaseOrder) =>
  bench.sql(
    `UPDATE warehouse.purchase_order SET intended_at = now() - interval '2 hours' WHERE purchase_order_id = $1`,
    [purchaseOrderId],
  );
const low = async (pieces: number) => {
  const isbn = await room.title(pieces);
  await bench.sql('INSERT INTO warehouse.reorder_rule VALUES ($1, 40, 120)', [isbn]);
  return isbn;
};

describe('what waiting orders lack is on order', () => {
  it('in the transaction in which they begin to wait: the difference beside what is under way, else the reorder quantity', async () => {
    const isbn = await low(40);
    await orderStock(isbn, 40);
    await room.wait({ [isbn]: 161 });
    expect(await quantities(isbn)).toEqual([120, 1]);
    await room.wait({ [isbn]: 7 });
    expect(await quantities(isbn)).toEqual([120, 1, 7]);
    const [alone, noRule] = [await low(0), room.unheardOf()];
    await room.wait({ [alone]: 3, [noRule]: 2 });
    expect([await quantities(alone), await quantities(noRule)]).toEqual([[120], [2]]);
  });

  it('when many begin to wait at the same moment, and when one of them is cancelled', async () => {
    const isbn = await room.title(5);
    const waiting = await atOnce(20, () => room.wait({ [isbn]: 6 }));
    expect((await quantities(isbn)).reduce((sum, one) => sum + one, 0)).toBe(20 * 6 - 5);
    const before = await quantities(isbn);
    await room.release(waiting[0] ?? '');
    expect(await quantities(isbn)).toEqual(before);
  });

  it('when an order that waits already is short of more', async () => {
    const isbn = await room.title(0);
    const orderId = await room.wait({ [isbn]: 2 });
    await expect(room.adjust(orderId, { [isbn]: 9 }, { round: 2 })).rejects.toMatchObject({ type: 'OutOfStock' });
    expect(await quantities(isbn)).toEqual([2, 7]);
  });

  it('is placed by the command of any order that waits for the title, once', async () => {
    const isbn = await room.title(0);
    await room.wait({ [isbn]: 2 });
    const answers = await atOnce(10, () => orderStock(isbn, null));
    const placed = new Set(answers.flatMap(({ purchaseOrders }) => purchaseOrders.map((one) => one.purchaseOrderId)));
    expect(await open(isbn)).toEqual([{ purchaseOrderId: [...placed][0], isbn, quantity: 2, state: 'placed' }]);
    expect(placed.size).toBe(1);
    expect(bench.rig.supplier.orders().filter((order) => order.isbn === isbn)).toHaveLength(1);
    expect(await bench.factsOf(isbn)).toEqual(['stock-ordered']);
    expect(await orderStock(isbn, null)).toEqual({ purchaseOrders: [] });
  });
});

describe('a purchase order that ends short', () => {
  it('is followed by one for what waiting orders still lack, told once however often it is closed', async () => {
    const isbn = await room.title(0);
    await room.wait({ [isbn]: 10 });
    await orderStock(isbn, null);
    const first = await theOne(isbn);
    await book(first, 4);
    const answers = await atOnce(5, () => close(first));
    const next = { purchaseOrderId: (await theOne(isbn)).purchaseOrderId, isbn, quantity: 6 };
    for (const answer of answers) expect(answer).toEqual({ closed: true, purchaseOrders: [next] });
    expect(await open(isbn)).toEqual([{ ...next, state: 'placed' }]);
  });

  it('is followed by none when those who wait have all they lack, or are gone', async () => {
    const isbn = await room.title(0);
    const waiting = await room.wait({ [isbn]: 10 });
    const first = await theOne(isbn);
    await room.release(waiting);
    expect(await close(first)).toEqual({ closed: true, purchaseOrders: [] });
    expect(await open(isbn)).toEqual([]);
  });

  it('leaves nothing uncovered when two of a title end at the same moment, nor when an order joins the list meanwhile', async () => {
    const isbn = await room.title(0);
    const given = await room.wait({ [isbn]: 5 });
    await room.wait({ [isbn]: 5 });
    await room.release(given); // five lacking, ten on order
    const two = await open(isbn);
    const letGo = await bench.holdStockOf(isbn);
    const closing = Promise.all(two.map(close));
    const joining = room.wait({ [isbn]: 3 });
    await bench.waiting(3);
    await letGo();
    await Promise.all([closing, joining]);
    expect((await quantities(isbn)).reduce((sum, one) => sum + one, 0)).toBe(8);
  });
});

describe('a purchase order that never came to the supplier', () => {
  it('is placed when the supplier takes it; one that is refused keeps no other waiting', async () => {
    const [isbn, other] = [await room.title(0), await room.title(0)];
    const orderId = await room.wait({ [isbn]: 2, [other]: 1 });
    const [refused, good] = [await theOne(isbn), await theOne(other)];
    await refuse(refused);
    const missing = [isbn, other].map((title) => ({ isbn: title, quantity: 1 }));
    const command = { requestId: `${orderId}/order-stock/1`, orderId, levels: [], missing };
    await expect(warehouse.orderStock(command)).rejects.toThrow('answered 409');
    expect([(await theOne(isbn)).state, (await theOne(other)).state]).toEqual(['intended', 'placed']);
    await longAgo(refused);
    await expect(reconcile()).rejects.toThrow('answered 409');
    await bench.sql('UPDATE warehouse.purchase_order SET quantity = quantity + 1 WHERE purchase_order_id = $1', [
      refused.purchaseOrderId,
    ]);
    expect(await reconcile()).toMatchObject({ uncovered: [], purchaseOrders: [{ isbn, quantity: 3 }] });
    expect((await theOne(isbn)).state).toBe('placed');
    expect(good.state).toBe('intended');
  });

  it('is placed again when the supplier has lost it', async () => {
    const isbn = await room.title(0);
    await room.wait({ [isbn]: 2 });
    await orderStock(isbn, null);
    const { purchaseOrderId } = await theOne(isbn);
    await bench.rig.supplier.kill();
    rmSync(join(bench.rig.folder, 'supplier'), { recursive: true });
    await bench.rig.supplier.start();
    const check = { requestId: `${purchaseOrderId}/check-delivery`, purchaseOrderId };
    expect(await warehouse.checkDelivery(check)).toEqual({ deliveries: [], complete: false });
    expect(bench.rig.supplier.orders()).toMatchObject([{ purchaseOrderId, isbn, quantity: 2 }]);
  });
});

describe('the reconciler', () => {
  it('finds what waiting orders lack and is not on order, orders it, and names the titles', async () => {
    const [isbn, covered] = [await room.title(0), await room.title(0)];
    await room.wait({ [isbn]: 2, [covered]: 3 });
    await bench.sql(`UPDATE warehouse.purchase_order SET state = 'closed' WHERE isbn = $1`, [isbn]);
    expect(await reconcile()).toMatchObject({ uncovered: [isbn], purchaseOrders: [{ isbn, quantity: 2 }] });
    expect((await theOne(isbn)).state).toBe('placed');
    expect(await reconcile()).toEqual({ uncovered: [], overlooked: [], purchaseOrders: [] });
  });
});

/** An order that takes pieces, and says who re-orders; it told so `hours` ago. */
const take = async (isbn: string, pieces: number, { hours = 2, reorderedBy = 'listeners' as const } = {}) => {
  const orderId = anOrderId();
  await room.adjust(orderId, { [isbn]: pieces }, { reorderedBy });
  await bench.sql(`UPDATE outbox.fact SET time = now() - $2 * interval '1 hour' WHERE key = $1`, [orderId, hours]);
  return orderId;
};

const toldOf = async (orderId: string) =>
  (await bench.sql<{ body: object }>('SELECT body FROM outbox.fact WHERE key = $1 ORDER BY sequence', [orderId])).map(
    ({ body }) => body,
  );

describe('a title that listeners re-order', () => {
  it('is ordered by the reconciler when it was told an hour ago and nobody has done it', async () => {
    const [stuck, underWay, enough] = [await low(42), await low(42), await low(42)];
    await take(stuck, 2);
    await take(underWay, 2, { hours: 0 });
    await take(enough, 1);
    const { overlooked, purchaseOrders } = await reconcile();
    expect(overlooked).toEqual([stuck]);
    expect(purchaseOrders).toMatchObject([{ isbn: stuck, quantity: 120 }]);
    expect((await theOne(stuck)).state).toBe('placed');
    expect(await reconcile()).toEqual({ uncovered: [], overlooked: [], purchaseOrders: [] });
  });

  it('is left alone when it was ordered since, has pieces again, or a mediator re-orders it', async () => {
    const [ordered, given, mediated] = [await low(42), await low(42), await low(42)];
    await take(ordered, 2);
    await orderStock(ordered, 40);
    await close(await theOne(ordered));
    await room.release(await take(given, 2));
    const orderId = anOrderId();
    await room.adjust(orderId, { [mediated]: 2 }, { reorderedBy: 'mediator' });
    await bench.sql(`UPDATE outbox.fact SET time = now() - interval '2 hours' WHERE key = $1`, [orderId]);
    expect(await reconcile()).toEqual({ uncovered: [], overlooked: [], purchaseOrders: [] });
  });

  it('is not ordered for levels of before its last purchase order, however late the request comes', async () => {
    const isbn = await low(40);
    const before = new Date(Date.now() - 60_000).toISOString();
    const ask = (n: number, asOf: string) =>
      warehouse.orderStock({
        requestId: `listener/a/${isbn}/${n}`,
        orderId: 'o',
        levels: [{ isbn, onHand: 40 }],
        asOf,
      });
    expect((await ask(1, before)).purchaseOrders).toHaveLength(1);
    await close(await theOne(isbn));
    expect(await ask(2, before)).toEqual({ purchaseOrders: [] });
    expect((await ask(3, new Date(Date.now() + 60_000).toISOString())).purchaseOrders).toHaveLength(1);
  });
});

describe('the fact of an order that has taken pieces', () => {
  it('has what is on order and the reorder point of each title that has a rule, at first and after an amendment', async () => {
    const [isbn, noRule] = [await low(100), await room.title(9)];
    await orderStock(isbn, 40);
    await book(await theOne(isbn), 50);
    const orderId = anOrderId();
    await room.adjust(orderId, { [noRule]: 1, [isbn]: 10 }, { reorderedBy: 'listeners' });
    await room.adjust(orderId, { [isbn]: 20 }, { round: 2 });
    expect(await toldOf(orderId)).toMatchObject([
      {
        reorderedBy: 'listeners',
        levels: [
          { isbn: noRule, onHand: 8 },
          { isbn, onHand: 140, onOrder: 70, reorderPoint: 40 },
        ],
      },
      { levels: [{ isbn, onHand: 130, onOrder: 70, reorderPoint: 40 }] },
    ]);
    expect((await toldOf(orderId))[1]).not.toHaveProperty('reorderedBy');
  });
});
