import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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

describe('an order that is short', () => {
  it('takes nothing, and has put aside for it what there is of the titles it is short of', async () => {
    const [enough, few] = [await room.title(9), await room.title(2)];
    const orderId = anOrderId();
    const asked = () => room.adjust(orderId, { [enough]: 4, [few]: 5 });
    for (const _ of [1, 2])
      await expectRefusal(asked(), 'OutOfStock', { short: [{ isbn: few, wanted: 5, onHand: 2 }] });
    expect(await room.taken(orderId)).toEqual({});
    expect(await room.waiting(orderId)).toEqual([{ isbn: few, wanted: 5, putAside: 2 }]);
    expect([await room.onHand(enough), await room.onHand(few)]).toEqual([9, 0]);
    expect(await bench.factsOf(orderId)).toEqual(['inventory-denied']);
  });

  it('is not put on the list when it does not want to wait, and stays as it stands there', async () => {
    const isbn = await room.title(2);
    const orderId = anOrderId();
    await expectRefusal(room.adjust(orderId, { [isbn]: 5 }, { orWait: false }), 'OutOfStock', {
      short: [{ isbn, wanted: 5, onHand: 2 }],
    });
    expect([await room.waiting(orderId), await room.onHand(isbn)]).toEqual([[], 2]);
    await expectRefusal(room.adjust(orderId, { [isbn]: 5 }, { round: 2 }), 'OutOfStock', {
      short: [{ isbn, wanted: 5, onHand: 2 }],
    });
    await expectRefusal(room.adjust(orderId, { [isbn]: 7 }, { round: 3, orWait: false }), 'OutOfStock', {
      short: [{ isbn, wanted: 7, onHand: 2 }],
    });
    expect(await room.waiting(orderId)).toEqual([{ isbn, wanted: 5, putAside: 2 }]);
  });

  it('keeps its place and what is put aside for it when it is short again', async () => {
    const [isbn, other] = [await room.title(0), await room.title(0)];
    const older = await room.wait({ [isbn]: 3, [other]: 1 });
    const newer = await room.wait({ [isbn]: 3 });
    await room.deliver(isbn, 3);
    await expectRefusal(room.adjust(older, { [isbn]: 4, [other]: 1 }, { round: 2 }), 'OutOfStock', {
      short: [
        { isbn, wanted: 4, onHand: 3 },
        { isbn: other, wanted: 1, onHand: 0 },
      ],
    });
    expect(await room.waiting(older)).toContainEqual({ isbn, wanted: 4, putAside: 3 });
    await room.deliver(isbn, 1);
    expect(await room.waiting(older)).toContainEqual({ isbn, wanted: 4, putAside: 4 });
    expect(await room.waiting(newer)).toEqual([{ isbn, wanted: 3, putAside: 0 }]);
  });

  it('keeps what is put aside for it also while there is enough of that title for anybody', async () => {
    const [isbn, other] = [await room.title(0), await room.title(0)];
    const orderId = await room.wait({ [isbn]: 2, [other]: 1 });
    await room.deliver(isbn, 9);
    await expect(room.adjust(orderId, { [isbn]: 2, [other]: 1 }, { round: 2 })).rejects.toMatchObject({
      type: 'OutOfStock',
    });
    expect(await room.waiting(orderId)).toContainEqual({ isbn, wanted: 2, putAside: 2 });
  });

  it('lets go of what it does not want any more, also when it goes on waiting, and those that have all by that are named', async () => {
    const [isbn, other] = [await room.title(4), await room.title(0)];
    const first = await room.wait({ [isbn]: 5, [other]: 1 });
    const second = await room.wait({ [isbn]: 3 });
    const refusal = {
      short: [{ isbn: other, wanted: 1, onHand: 0 }],
      ready: told(second),
    };
    for (const _ of [1, 2])
      await expectRefusal(room.adjust(first, { [other]: 1 }, { round: 2 }), 'OutOfStock', refusal);
    expect(await room.waiting(first)).toEqual([{ isbn: other, wanted: 1, putAside: 0 }]);
    expect([await room.waiting(second), await room.onHand(isbn)]).toEqual([[{ isbn, wanted: 3, putAside: 3 }], 1]);
  });

  it('waits also for a title that inventory has never heard of', async () => {
    const isbn = room.unheardOf();
    const orderId = await room.wait({ [isbn]: 2 });
    expect(await room.deliver(isbn, 3)).toEqual({ isbn, onHand: 1, ready: told(orderId) });
  });
});

describe('a delivery', () => {
  it('goes to those that wait, the oldest first, also partly; a newer order cannot take it', async () => {
    const isbn = await room.title(0);
    const [first, second, third] = [
      await room.wait({ [isbn]: 2 }),
      await room.wait({ [isbn]: 5 }),
      await room.wait({ [isbn]: 1 }),
    ];
    expect(await room.deliver(isbn, 4)).toEqual({ isbn, onHand: 0, ready: told(first) });
    expect(await room.waiting(second)).toEqual([{ isbn, wanted: 5, putAside: 2 }]);
    expect(await room.waiting(third)).toEqual([{ isbn, wanted: 1, putAside: 0 }]);
    const newer = await room.wait({ [isbn]: 1 });
    expect(await room.deliver(isbn, 6)).toEqual({ isbn, onHand: 1, ready: told(second, third, newer) });
  });

  it('lets the order go on, which takes what was put aside for it once', async () => {
    const isbn = await room.title(1);
    const orderId = await room.wait({ [isbn]: 3 });
    await room.deliver(isbn, 4);
    const answers = await atOnce(20, () => room.adjust(orderId, { [isbn]: 3 }, { round: 2 }));
    for (const answer of answers) expect(answer).toEqual({ levels: [{ isbn, onHand: 2 }], ready: [] });
    expect([await room.taken(orderId), await room.waiting(orderId)]).toEqual([{ [isbn]: 3 }, []]);
    expect(await bench.factsOf(orderId)).toEqual(['inventory-denied', 'inventory-updated']);
  });

  it('gives the same answer to the same request 20 times at once, with who was ready then', async () => {
    const isbn = await room.title(0);
    const orderId = await room.wait({ [isbn]: 2 });
    const request = `same-${isbn}`;
    const first = await room.deliver(isbn, 2, request);
    await room.adjust(orderId, { [isbn]: 2 }, { round: 2 });
    const answers = await atOnce(20, () => room.deliver(isbn, 2, request));
    for (const answer of [first, ...answers]) expect(answer).toEqual({ isbn, onHand: 0, ready: told(orderId) });
    expect(await bench.factsOf(isbn)).toEqual(['stock-replenished']);
  });

  it('serves an order that waited for the title while it was empty', async () => {
    const isbn = await room.title(0);
    const letGo = await bench.holdFactsOf(isbn);
    const delivered = room.deliver(isbn, 5);
    await bench.waiting(1);
    const adjusted = room.adjust(anOrderId(), { [isbn]: 2 });
    await bench.waiting(2);
    await letGo();
    expect(await delivered).toEqual({ isbn, onHand: 5, ready: [] });
    expect(await adjusted).toEqual({ levels: [{ isbn, onHand: 3 }], ready: [] });
  });

  it('sees an order that went on the list while it waited for the title', async () => {
    const [isbn, later] = [await room.title(0), await room.title(0)];
    const letGo = await bench.holdStockOf(later);
    const orderId = anOrderId();
    // Holds the first title and waits for the second.
    const refused = expect(room.adjust(orderId, { [isbn]: 1, [later]: 1 }, { round: 2 })).rejects.toMatchObject({
      type: 'OutOfStock',
    });
    await bench.waiting(1);
    const delivered = room.deliver(isbn, 1);
    await bench.waiting(2);
    await letGo();
    await refused;
    expect(await delivered).toEqual({ isbn, onHand: 0, ready: [] });
    expect(await room.waiting(orderId)).toContainEqual({ isbn, wanted: 1, putAside: 1 });
  });

  it('makes an order ready when it is the last it waited for; of two at the same time exactly one tells', async () => {
    const [one, two] = [await room.title(0), await room.title(0)];
    const orderId = await room.wait({ [one]: 1, [two]: 1 });
    const letGo = await bench.holdFactsOf(one);
    const first = room.deliver(one, 1);
    await bench.waiting(1);
    const second = room.deliver(two, 1);
    await bench.waiting(2);
    await letGo();
    expect([(await first).ready, (await second).ready]).toEqual([[], told(orderId)]);
  });
});

describe('a release', () => {
  it('hands out what it puts back, tells of what had been taken only, and says so again', async () => {
    const [isbn, other] = [await room.title(3), await room.title(1)];
    const holder = anOrderId();
    await room.adjust(holder, { [isbn]: 3 });
    const waiter = await room.wait({ [isbn]: 2 });
    await expect(room.adjust(holder, { [isbn]: 3, [other]: 2 }, { round: 2 })).rejects.toMatchObject({
      type: 'OutOfStock',
    });
    const afterwards = await room.wait({ [other]: 1 });
    const answers = await atOnce(20, () => room.release(holder));
    for (const answer of answers)
      expect(answer).toEqual({ released: [{ isbn, quantity: 3 }], ready: told(waiter, afterwards) });
    expect([await room.waiting(holder), await room.onHand(isbn), await room.onHand(other)]).toEqual([[], 1, 0]);
    expect(await bench.factsOf(holder)).toEqual(['inventory-updated', 'inventory-denied', 'inventory-released']);
    await expectRefusal(room.adjust(holder, { [isbn]: 1 }, { round: 3 }), 'AlreadyUndone', {
      requestId: `${holder}/do/3`,
    });
  });

  it('takes an order that had nothing off the list without a further fact', async () => {
    const isbn = await room.title(1);
    const orderId = await room.wait({ [isbn]: 2 });
    expect(await room.release(orderId)).toEqual({ released: [], ready: [] });
    expect([await room.waiting(orderId), await room.onHand(isbn)]).toEqual([[], 1]);
    expect(await bench.factsOf(orderId)).toEqual(['inventory-denied']);
  });
});
