import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStockroom, told, type Pieces, type Stockroom } from './stockroom.ts';
import { anOrderId, atOnce, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let room: Stockroom;
beforeAll(async () => {
  bench = await openWorkbench();
  room = openStockroom(bench);
});
afterAll(() => bench.close());

const sold = async (pieces: Pieces): Promise<string> => {
  const orderId = anOrderId();
  await room.adjust(orderId, pieces);
  return orderId;
};

describe('restock-return', () => {
  it('puts the pieces on the shelf once, however often it is asked, and leaves what was not sent back', async () => {
    const isbn = await room.title(5);
    const orderId = await sold({ [isbn]: 4 });
    expect(await room.restock(orderId, { [isbn]: 3 })).toEqual({ ready: [] });
    const answers = await atOnce(5, () => room.restock(orderId, { [isbn]: 3 }));
    for (const answer of answers) expect(answer).toEqual({ ready: [] });
    expect(await room.onHand(isbn)).toBe(4);
    await room.expectBalance();
    expect(await bench.factsOf(orderId)).toEqual(['inventory-updated', 'inventory-restocked']);
  });

  it('hands them to those that wait, the oldest first, and says who has all it waited for', async () => {
    const isbn = await room.title(3);
    const orderId = await sold({ [isbn]: 3 });
    const [oldest, newer] = [await room.wait({ [isbn]: 2 }), await room.wait({ [isbn]: 2 })];
    expect(await room.restock(orderId, { [isbn]: 3 })).toEqual({ ready: told(oldest) });
    expect(await room.waiting(newer)).toEqual([{ isbn, wanted: 2, putAside: 1 }]);
    expect(await room.onHand(isbn)).toBe(0);
    await room.expectBalance();
  });

  it('refuses to put back more than the order took, as a fault: nothing changes', async () => {
    const isbn = await room.title(3);
    const orderId = await sold({ [isbn]: 2 });
    await expect(room.restock(orderId, { [isbn]: 3 })).rejects.toThrow(/taken_restocked/);
    expect(await room.onHand(isbn)).toBe(1);
    await room.expectBalance();
  });
});
