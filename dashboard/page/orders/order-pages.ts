import type { OrderRow } from '../../../contracts/views.ts';
import type { OrderPage, OrderQuery } from '../../server/api/orders.ts';
import { read } from '../shell/request.ts';

/** The rows that one read brings. */
const pageSize = 200;

/** A row of the table as it was read last. */
export interface ListedOrder extends OrderRow {
  /** The filter does not find it any more; the row stays until the table is read anew, so that no row jumps. */
  readonly hasLeft: boolean;
}

/** The orders of one query, read page by page while the table is scrolled. A page is read again to renew its rows. */
export class OrderPages {
  readonly #query: OrderQuery;
  readonly #read: (path: string) => Promise<OrderPage>;
  /** The cursors of the pages that were read. */
  readonly #cursors: (string | undefined)[] = [undefined];
  readonly #rows: ListedOrder[] = [];
  readonly #known = new Set<string>();
  #end = false;
  #reading: Promise<void> | null = null;
  total: OrderPage['total'] | null = null;
  /** The number of orders that came since the table was read; they are shown on request. */
  arrived = 0;
  #hasFailed = false;

  constructor(query: OrderQuery, from: (path: string) => Promise<OrderPage> = read) {
    this.#query = query;
    this.#read = from;
  }

  get count(): number {
    return this.#rows.length;
  }

  get isWhole(): boolean {
    return this.#end;
  }

  get isRead(): boolean {
    return this.total !== null;
  }

  /** True when scrolling may read the next page: not at the end, and not right after a failure. */
  get canReadOn(): boolean {
    return this.isRead && !this.#end && !this.#hasFailed;
  }

  /** The next page may be tried again. */
  forgetFailure(): void {
    this.#hasFailed = false;
  }

  rowAt(index: number): ListedOrder | undefined {
    return this.#rows[index];
  }

  slice(from: number, to: number): readonly ListedOrder[] {
    return this.#rows.slice(from, to);
  }

  /** Reads the next page, unless one is being read or there is none. */
  async readOn(): Promise<void> {
    if (this.#end) return;
    this.#reading ??= this.#readNext().finally(() => (this.#reading = null));
    await this.#reading;
  }

  async #readNext(): Promise<void> {
    this.#hasFailed = true;
    const page = await this.#page(this.#cursors.at(-1));
    this.#hasFailed = false;
    for (const order of page.orders) {
      this.#rows.push({ ...order, hasLeft: false });
      this.#known.add(order.orderId);
    }
    this.total = page.total;
    this.#end = page.next === null;
    if (page.next !== null) this.#cursors.push(page.next);
  }

  /** Reads the pages with these rows again and renews the rows in their places. */
  async renew(from: number, to: number): Promise<void> {
    const last = Math.floor(Math.max(from, to - 1) / pageSize);
    for (let page = Math.floor(from / pageSize); page <= last; page += 1) await this.#renewPage(page);
    if (from < pageSize) return;
    const { orders, total } = await this.#page(undefined);
    this.total = total;
    this.#countArrived(orders);
  }

  async #renewPage(index: number): Promise<void> {
    if (index >= this.#cursors.length) return;
    const { orders, total } = await this.#page(this.#cursors[index]);
    const found = new Map(orders.map((order) => [order.orderId, order]));
    const end = Math.min(this.#rows.length, (index + 1) * pageSize);
    // New orders push the last rows out of the page. Those rows were not read, so they keep their state.
    const pushed = orders.filter(({ orderId }) => !this.#known.has(orderId)).length;
    for (let at = index * pageSize; at < end; at += 1) {
      const row = this.#rows[at] as ListedOrder;
      const fresh = found.get(row.orderId);
      if (fresh) this.#rows[at] = { ...fresh, hasLeft: false };
      else if (at < end - pushed) this.#rows[at] = { ...row, hasLeft: true };
    }
    if (index === 0) {
      this.total = total;
      this.#countArrived(orders);
    }
  }

  #countArrived(firstPage: readonly OrderRow[]): void {
    this.arrived = firstPage.filter(({ orderId }) => !this.#known.has(orderId)).length;
  }

  #page(cursor: string | undefined): Promise<OrderPage> {
    const given = Object.entries({ ...this.#query, cursor, limit: String(pageSize) });
    const query = new URLSearchParams(given.filter((entry): entry is [string, string] => Boolean(entry[1])));
    return this.#read(`/api/orders?${query}`);
  }
}
