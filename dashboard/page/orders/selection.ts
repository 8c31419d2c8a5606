import type { OrderPages } from './order-pages.ts';

/** Which orders are selected. A new one is made on every change, so that who shows it sees the change. */
export class Selection {
  readonly ids: ReadonlySet<string>;
  /** The row that was selected last: a range goes from there. */
  readonly #last: number;

  constructor(ids: ReadonlySet<string> = new Set(), last = 0) {
    this.ids = ids;
    this.#last = last;
  }

  /** With this row selected, or not any more; as a range, with all rows up to the one selected before. */
  with(pages: Pick<OrderPages, 'slice'>, index: number, isRange: boolean): Selection {
    const ids = new Set(this.ids);
    const [from, to] = isRange ? [Math.min(index, this.#last), Math.max(index, this.#last)] : [index, index];
    for (const { orderId } of pages.slice(from, to + 1)) {
      if (isRange || !ids.has(orderId)) ids.add(orderId);
      else ids.delete(orderId);
    }
    return new Selection(ids, index);
  }
}
