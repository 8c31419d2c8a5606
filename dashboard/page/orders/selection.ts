import type { OrderPages } from './order-pages.ts';

/** The selected orders. Every change makes a new object, so that Lit sees it. */
export class Selection {
  readonly ids: ReadonlySet<string>;
  /** The row that was selected last: a range starts there. */
  readonly #last: number;

  constructor(ids: ReadonlySet<string> = new Set(), last = 0) {
    this.ids = ids;
    this.#last = last;
  }

  /** Selects a row or takes it back; as a range, selects all rows from the one selected before. */
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
