import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInventoryProcessor } from '../../../activities/inventory/processor.ts';
import type { InventoryProcessor } from '../../../contracts/inventory.ts';
import type { OrderLine } from '../../../contracts/place-order.ts';
import { anOrderId, atOnce, expectRefusal, isbns, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let processor: InventoryProcessor;
beforeAll(async () => {
  bench = await openWorkbench();
  processor = createInventoryProcessor(bench.database);
});
afterAll(() => bench.close());

const adjustment = (lines: readonly OrderLine[], orderId = anOrderId()) => ({
  requestId: `${orderId}/adjust-inventory/1`,
  orderId,
  round: 1,
  lines,
  orWait: false,
  workflowId: `order/${orderId}`,
});
const release = (orderId: string) => ({ requestId: `${orderId}/release-inventory/1`, orderId });
const onHand = async (isbn: string): Promise<number> =>
  (await bench.sql<{ on_hand: number }>('SELECT on_hand FROM inventory.stock WHERE isbn = $1', [isbn]))[0]?.on_hand ??
  NaN;

const delivery = (isbn: string, delivered: string, quantity = 10) => ({
  requestId: `po-1/receive-stock/${delivered}`,
  purchaseOrderId: 'po-1',
  isbn,
  quantity,
});

describe('adjust-inventory', () => {
  it('takes all lines and answers with what is left', async () => {
    const before = await onHand(isbns.plenty);
    const command = adjustment([{ isbn: isbns.plenty, quantity: 3 }]);
    expect(await processor.adjustInventory(command)).toEqual({
      levels: [{ isbn: isbns.plenty, onHand: before - 3 }],
      ready: [],
    });
    expect(await onHand(isbns.plenty)).toBe(before - 3);
    expect(await bench.factsOf(command.orderId)).toEqual(['inventory-updated']);
  });

  it('takes once when asked 20 times at once', async () => {
    const before = await onHand(isbns.plenty);
    const command = adjustment([{ isbn: isbns.plenty, quantity: 1 }]);
    const answers = await atOnce(20, () => processor.adjustInventory(command));
    expect(answers).toEqual(answers.map(() => ({ levels: [{ isbn: isbns.plenty, onHand: before - 1 }], ready: [] })));
    expect(await onHand(isbns.plenty)).toBe(before - 1);
  });

  it('takes nothing when one line is short, names every short line, and refuses the same way again', async () => {
    const before = await onHand(isbns.plenty);
    const command = adjustment([
      { isbn: isbns.plenty, quantity: 1 },
      { isbn: isbns.scarce, quantity: 2 },
      { isbn: '9789999999991', quantity: 1 },
    ]);
    const details = {
      short: [
        { isbn: isbns.scarce, wanted: 2, onHand: 1 },
        { isbn: '9789999999991', wanted: 1, onHand: 0 },
      ],
    };
    await expectRefusal(processor.adjustInventory(command), 'OutOfStock', details);
    await bench.sql('UPDATE inventory.stock SET on_hand = on_hand + 5 WHERE isbn = $1', [isbns.scarce]);
    await expectRefusal(processor.adjustInventory(command), 'OutOfStock', details);
    expect(await onHand(isbns.plenty)).toBe(before);
    expect(await bench.factsOf(command.orderId)).toEqual(['inventory-denied']);
  });

  it('serves 100 orders at once with crossing lines over scarce stock: no deadlock, never negative, sums balance', async () => {
    const titles = ['9791111111101', '9791111111102', '9791111111103', '9791111111104'];
    for (const isbn of titles) await bench.sql('INSERT INTO inventory.stock VALUES ($1, 60)', [isbn]);
    const results = await atOnce(100, async (index) => {
      const turned = [...titles.slice(index % 4), ...titles.slice(0, index % 4)];
      const order = index % 2 === 0 ? turned : turned.toReversed();
      const command = adjustment(order.slice(0, 3).map((isbn) => ({ isbn, quantity: 1 + (index % 3) })));
      return processor.adjustInventory(command).then(
        () => command,
        (error: unknown) => {
          expect(error).toMatchObject({ type: 'OutOfStock' });
          return null;
        },
      );
    });
    const taken = results.flatMap((command) => command?.lines ?? []);
    expect(results.filter(Boolean).length).toBeGreaterThan(10);
    expect(results.filter((command) => command === null).length).toBeGreaterThan(10);
    for (const isbn of titles) {
      const sum = taken.filter((line) => line.isbn === isbn).reduce((total, line) => total + line.quantity, 0);
      expect(await onHand(isbn)).toBe(60 - sum);
    }
    const winners = results.filter((command) => command !== null);
    await Promise.all(winners.map(({ orderId }) => processor.releaseInventory(release(orderId))));
    for (const isbn of titles) expect(await onHand(isbn)).toBe(60);
  });
});

describe('release-inventory', () => {
  it('puts back once what was taken, and says so again', async () => {
    const before = await onHand(isbns.plenty);
    const { orderId, ...rest } = adjustment([{ isbn: isbns.plenty, quantity: 4 }]);
    await processor.adjustInventory({ orderId, ...rest });
    const answers = await atOnce(20, () => processor.releaseInventory(release(orderId)));
    expect(answers).toEqual(answers.map(() => ({ released: [{ isbn: isbns.plenty, quantity: 4 }], ready: [] })));
    expect(await onHand(isbns.plenty)).toBe(before);
    expect(await bench.factsOf(orderId)).toEqual(['inventory-updated', 'inventory-released']);
  });

  it('does nothing when nothing was taken', async () => {
    const orderId = anOrderId();
    expect(await processor.releaseInventory(release(orderId))).toEqual({ released: [], ready: [] });
    expect(await bench.factsOf(orderId)).toEqual([]);
  });
});

describe('receive-stock', () => {
  it('books a delivery once, also 20 times at once', async () => {
    const before = await onHand(isbns.alsoPlenty);
    const answers = await atOnce(20, () => processor.receiveStock(delivery(isbns.alsoPlenty, 'd-1')));
    expect(answers).toEqual(answers.map(() => ({ isbn: isbns.alsoPlenty, onHand: before + 10, ready: [] })));
    expect(await onHand(isbns.alsoPlenty)).toBe(before + 10);
    expect(await bench.factsOf(isbns.alsoPlenty)).toEqual(['stock-replenished']);
  });

  it('books 20 deliveries at once without losing one, with facts in sequence', async () => {
    const before = await onHand('9780201633610');
    const answers = await atOnce(20, (index) => processor.receiveStock(delivery('9780201633610', `e-${index}`)));
    expect(new Set(answers.map((answer) => answer.onHand)).size).toBe(20);
    expect(await onHand('9780201633610')).toBe(before + 200);
    expect(await bench.factsOf('9780201633610')).toHaveLength(20);
    const told = await bench.sql<{ on_hand: number }>(
      `SELECT (body->>'onHand')::int AS on_hand FROM outbox.fact WHERE key = '9780201633610' ORDER BY sequence`,
    );
    expect(told.map((fact) => fact.on_hand)).toEqual(told.map((_, index) => before + 10 * (index + 1)));
  });

  it('begins the stock of a title that had none', async () => {
    expect(await processor.receiveStock(delivery('9789999999977', 'd-2'))).toEqual({
      isbn: '9789999999977',
      onHand: 10,
      ready: [],
    });
  });
});
