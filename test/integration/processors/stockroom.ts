import { expect } from 'vitest';
import { createInventoryProcessor } from '../../../activities/inventory/processor.ts';
import type {
  AdjustInventory,
  InventoryReleased,
  InventoryUpdated,
  ReadyOrder,
  StockReceived,
  StockReturned,
} from '../../../contracts/inventory.ts';
import { uncovered } from '../../../activities/kit/on-order.ts';
import { anOrderId, type Workbench } from './workbench.ts';

/** Pieces per title, as a test writes lines. */
export type Pieces = Readonly<Record<string, number>>;

/** A title of an order on the waiting list. */
export interface WaitingRow {
  readonly isbn: string;
  readonly wanted: number;
  readonly putAside: number;
}

/** Inventory with titles of its own, which keeps count of what went in. */
export interface Stockroom {
  /** A new title with so many pieces. ISBNs rise from one to the next. */
  title(pieces: number): Promise<string>;
  /** One that inventory has never heard of. */
  unheardOf(): string;
  adjust(orderId: string, pieces: Pieces, how?: Partial<AdjustInventory>): Promise<InventoryUpdated>;
  /** Puts an order on the waiting list, and gives its id. */
  wait(pieces: Pieces): Promise<string>;
  release(orderId: string): Promise<InventoryReleased>;
  /** The same delivery again counts once. */
  deliver(isbn: string, pieces: number, delivery?: string, purchaseOrderId?: string): Promise<StockReceived>;
  /** Puts back on the shelf what came back of an order; the same again counts once. */
  restock(orderId: string, pieces: Pieces): Promise<StockReturned>;
  onHand(isbn: string): Promise<number>;
  taken(orderId: string): Promise<Pieces>;
  waiting(orderId: string): Promise<WaitingRow[]>;
  /** Fails unless on hand + taken (less what came back) + put aside is what went in of every title, nothing is free while somebody waits for it, and what waiting orders lack is on order. */
  expectBalance(): Promise<void>;
}

/** Who is to be told about these orders. */
export const told = (...orderIds: string[]): ReadyOrder[] =>
  orderIds.map((orderId) => ({ orderId, workflowId: `order/${orderId}` }));

let made = 0;
const unheardOf = () => `9794${String((made += 1)).padStart(9, '0')}`;

export function openStockroom(bench: Workbench): Stockroom {
  const processor = createInventoryProcessor(bench.database);
  const wentIn = new Map<string, number>();
  const booked = new Set<string>();
  const putIn = (isbn: string, pieces: number) => wentIn.set(isbn, (wentIn.get(isbn) ?? 0) + pieces);
  const adjust: Stockroom['adjust'] = (orderId, pieces, { round = 1, orWait = true, ...how } = {}) => {
    const requestId = `${orderId}/do/${round}`;
    return processor.adjustInventory({ ...adjustmentOf(orderId, pieces), requestId, round, orWait, ...how });
  };
  return {
    unheardOf,
    adjust,
    async title(pieces) {
      const isbn = unheardOf();
      putIn(isbn, pieces);
      await bench.sql('INSERT INTO inventory.stock VALUES ($1, $2)', [isbn, pieces]);
      return isbn;
    },
    async wait(pieces) {
      const orderId = anOrderId();
      await expect(adjust(orderId, pieces)).rejects.toMatchObject({ type: 'OutOfStock' });
      return orderId;
    },
    release: (orderId) => processor.releaseInventory({ requestId: `${orderId}/undo`, orderId }),
    async deliver(isbn, quantity, delivery = `d-${(made += 1)}`, purchaseOrderId = 'po') {
      const requestId = `po/receive-stock/${delivery}`;
      if (!booked.has(requestId)) putIn(isbn, quantity);
      booked.add(requestId);
      return processor.receiveStock({ requestId, purchaseOrderId, isbn, quantity });
    },
    restock: (orderId, pieces) =>
      processor.restockReturn({ ...adjustmentOf(orderId, pieces), requestId: `${orderId}/restock-return/1` }),
    async onHand(isbn) {
      const [row] = await bench.sql<{ on: number }>('SELECT on_hand AS on FROM inventory.stock WHERE isbn = $1', [
        isbn,
      ]);
      return row?.on ?? NaN;
    },
    async taken(orderId) {
      const query = 'SELECT isbn, quantity FROM inventory.taken WHERE order_id = $1 AND released_at IS NULL';
      const rows = await bench.sql<{ isbn: string; quantity: number }>(query, [orderId]);
      return Object.fromEntries(rows.map(({ isbn, quantity }) => [isbn, quantity]));
    },
    waiting: (orderId) =>
      bench.sql<WaitingRow>(
        'SELECT isbn, wanted, put_aside AS "putAside" FROM inventory.waiting WHERE order_id = $1 ORDER BY isbn',
        [orderId],
      ),
    expectBalance: async () => {
      const rows = await bench.sql<{ isbn: string; all: number; idle: boolean }>(balance, [[...wentIn.keys()]]);
      expect(Object.fromEntries(rows.map(({ isbn, all }) => [isbn, all]))).toEqual(Object.fromEntries(wentIn));
      expect(rows.filter(({ idle }) => idle)).toEqual([]);
      expect(await bench.database.run(uncovered())).toEqual([]);
    },
  };
}

const adjustmentOf = (orderId: string, pieces: Pieces) => ({
  orderId,
  lines: Object.entries(pieces).map(([isbn, quantity]) => ({ isbn, quantity })),
  workflowId: `order/${orderId}`,
});

const balance = `
  SELECT isbn, on_hand > 0 AND EXISTS (
      SELECT FROM inventory.waiting WHERE waiting.isbn = stock.isbn AND put_aside < wanted) AS idle,
    (on_hand + coalesce((SELECT sum(quantity - restocked) FROM inventory.taken WHERE taken.isbn = stock.isbn AND released_at IS NULL), 0)
      + coalesce((SELECT sum(put_aside) FROM inventory.waiting WHERE waiting.isbn = stock.isbn), 0))::int AS all
  FROM inventory.stock WHERE isbn = ANY($1)`;
