import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReadyOrder } from '../../../contracts/inventory.ts';
import { openStockroom, told, type Stockroom } from './stockroom.ts';
import { anOrderId, atOnce, expectRefusal, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let room: Stockroom;
beforeAll(async () => {
  bench = await openWorkbench();
  room = openStockroom(bench);
});
afterEach(() => room.expectBalance());
afterAll(() => bench.close());

/** What a shortage says, of those that became ready by it; anything else fails. */
const short = (error: { type?: string; details?: { ready?: ReadyOrder[] }[] }) => {
  expect(error).toMatchObject({ type: 'OutOfStock' });
  return { ready: error.details?.[0]?.ready ?? [] };
};

describe('adjust-inventory, asked anew', () => {
  it('takes more, puts back, drops a title and takes a new one, so that what is taken is what the lines say', async () => {
    const [more, less, gone, fresh] = [
      await room.title(9),
      await room.title(9),
      await room.title(9),
      await room.title(9),
    ];
    const orderId = anOrderId();
    await room.adjust(orderId, { [more]: 2, [less]: 5, [gone]: 3 });
    const lines = { [more]: 4, [less]: 1, [fresh]: 2 };
    const answers = await atOnce(20, () => room.adjust(orderId, lines, { round: 2 }));
    const levels = [
      { isbn: more, onHand: 5 },
      { isbn: less, onHand: 8 },
      { isbn: fresh, onHand: 7 },
    ];
    for (const answer of answers) expect(answer).toEqual({ levels, ready: [] });
    expect([await room.taken(orderId), await room.onHand(gone)]).toEqual([lines, 9]);
    expect(await bench.factsOf(orderId)).toEqual(['inventory-updated', 'inventory-updated']);
    expect((await room.release(orderId)).released).toHaveLength(3);
  });

  it('counts what it has taken already when it looks whether there is enough', async () => {
    const isbn = await room.title(5);
    const orderId = anOrderId();
    await room.adjust(orderId, { [isbn]: 4 });
    await room.adjust(orderId, { [isbn]: 5 }, { round: 2 });
    await expectRefusal(room.adjust(orderId, { [isbn]: 7 }, { round: 3 }), 'OutOfStock', {
      short: [{ isbn, wanted: 7, onHand: 5 }],
    });
    expect(await room.taken(orderId)).toEqual({ [isbn]: 5 });
    expect(await room.waiting(orderId)).toEqual([{ isbn, wanted: 2, putAside: 0 }]);
    expect(await room.deliver(isbn, 2)).toEqual({ isbn, onHand: 0, ready: told(orderId) });
    await room.adjust(orderId, { [isbn]: 7 }, { round: 4 });
    expect(await room.taken(orderId)).toEqual({ [isbn]: 7 });
  });

  it('hands out what it puts back, and names who has all it waited for', async () => {
    const isbn = await room.title(5);
    const orderId = anOrderId();
    await room.adjust(orderId, { [isbn]: 5 });
    const waiter = await room.wait({ [isbn]: 2 });
    const answer = { levels: [{ isbn, onHand: 1 }], ready: told(waiter) };
    for (const _ of [1, 2]) expect(await room.adjust(orderId, { [isbn]: 2 }, { round: 2 })).toEqual(answer);
  });

  it('does nothing when a later round came first, and gives the answer it has given', async () => {
    const isbn = await room.title(9);
    const orderId = anOrderId();
    const first = await room.adjust(orderId, { [isbn]: 1 });
    await room.adjust(orderId, { [isbn]: 3 }, { round: 3 });
    await expectRefusal(room.adjust(orderId, { [isbn]: 2 }, { round: 2 }), 'Superseded', {
      requestId: `${orderId}/do/2`,
    });
    expect(await room.adjust(orderId, { [isbn]: 1 })).toEqual(first);
    const other = anOrderId();
    await room.adjust(other, { [isbn]: 3 }, { round: 2 });
    await expectRefusal(room.adjust(other, { [isbn]: 1 }), 'Superseded', { requestId: `${other}/do/1` });
    expect([await room.taken(orderId), await room.taken(other)]).toEqual([{ [isbn]: 3 }, { [isbn]: 3 }]);
  });

  it('waits for an earlier round under way, and sees what that took', async () => {
    const isbn = await room.title(9);
    const orderId = anOrderId();
    const letGo = await bench.holdFactsOf(orderId);
    const first = room.adjust(orderId, { [isbn]: 4 });
    await bench.waiting(1);
    const second = room.adjust(orderId, { [isbn]: 5 }, { round: 2 });
    await bench.waiting(2);
    await letGo();
    await Promise.all([first, second]);
    expect([await room.taken(orderId), await room.onHand(isbn)]).toEqual([{ [isbn]: 5 }, 4]);
  });

  it('takes part in 300 crossing adjustments, amendments, releases and deliveries at once: no deadlock, sums balance, all ready ones named', async () => {
    const titles = [await room.title(8), await room.title(8), await room.title(8), await room.title(8)];
    const linesOf = (index: number, spread: number) => {
      const turned = [...titles.slice(index % 4), ...titles.slice(0, index % 4)];
      const chosen = (index % 2 === 0 ? turned : turned.toReversed()).slice(0, 1 + (spread % 3));
      return Object.fromEntries(chosen.map((isbn) => [isbn, 1 + ((index + spread) % 3)]));
    };
    const named: ReadyOrder[] = [];
    const orders = Array.from({ length: 100 }, anOrderId);
    const journey = async (orderId: string, index: number) => {
      named.push(...(await room.adjust(orderId, linesOf(index, 0)).catch(short)).ready);
      named.push(...(await room.adjust(orderId, linesOf(index, index), { round: 2 }).catch(short)).ready);
      if (index % 3 === 0) named.push(...(await room.release(orderId)).ready);
    };
    const deliveries = atOnce(40, async (index) => {
      named.push(...(await room.deliver(titles[index % 4] ?? '', 1 + (index % 3))).ready);
    });
    await Promise.all([deliveries, ...orders.map(journey)]);
    await room.expectBalance();
    for (const isbn of titles) named.push(...(await room.deliver(isbn, 1_000)).ready);
    for (const [index, orderId] of orders.entries()) {
      if ((await room.waiting(orderId)).length === 0) continue;
      expect(named).toContainEqual(told(orderId)[0]);
      await room.adjust(orderId, linesOf(index, index), { round: 3 });
      expect(await room.taken(orderId)).toEqual(linesOf(index, index));
    }
    await Promise.all(orders.map((orderId) => room.release(orderId)));
    for (const isbn of titles) expect(await room.onHand(isbn)).toBeGreaterThan(1_000);
  });
});
