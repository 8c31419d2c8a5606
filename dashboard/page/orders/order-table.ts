import { html, type PropertyValues } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { DeskElement } from '../parts/desk-element.ts';
import { keyStep } from '../shell/keys.ts';
import type { OrderPages } from './order-pages.ts';
import { orderColumns, orderRow } from './order-row.ts';

/** So many rows are drawn above and below the visible ones. */
const margin = 8;

/** The next page is read when fewer rows are left below. */
const readAhead = 1_000;

/**
 * `<desk-order-table>`: draws only the visible rows, however many there are. Events: `open-order` and `select-order`
 * (the row's index; with the range from the row selected before when Shift was held), `need-more`, `far-end` (End,
 * while there is more than was read).
 */
export class DeskOrderTable extends DeskElement {
  static override readonly properties = { pages: {}, selected: {}, openId: {}, version: {} };
  declare pages: OrderPages;
  declare selected: ReadonlySet<string>;
  declare openId: string | null;
  /** Changes whenever rows did. */
  declare version: number;

  readonly #scroller = createRef<HTMLElement>();
  readonly #narrow = matchMedia('(max-width: 760px)');
  #active = 0;
  #top = 0;
  #height = 800;

  constructor() {
    super();
    this.selected = new Set();
    this.openId = null;
    this.version = 0;
  }

  /** The visible rows. */
  get inView(): { readonly from: number; readonly to: number } {
    const from = Math.floor(this.#top / this.#rowHeight);
    return { from, to: Math.min(this.pages.count, from + Math.ceil(this.#height / this.#rowHeight)) };
  }

  get #rowHeight(): number {
    return this.#narrow.matches ? 64 : 36;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#watchSize();
  }

  override firstUpdated(): void {
    this.#watchSize();
  }

  #watchSize(): void {
    const sizes = new ResizeObserver(() => this.#scrolled());
    sizes.observe(this.#scroller.value as HTMLElement);
    this.whileShown(() => sizes.disconnect());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('pages')) return;
    this.#active = 0;
    this.#scroller.value?.scrollTo({ top: 0 });
    this.#top = 0;
  }

  protected override updated(): void {
    if (this.pages.canReadOn && this.inView.to > this.pages.count - readAhead) {
      this.dispatchEvent(new CustomEvent('need-more'));
    }
  }

  readonly #scrolled = (): void => {
    const scroller = this.#scroller.value;
    if (!scroller) return;
    this.#top = scroller.scrollTop;
    this.#height = scroller.clientHeight;
    this.requestUpdate();
  };

  readonly #key = (event: KeyboardEvent): void => {
    const step = keyStep(event.key);
    if (step === Infinity && !this.pages.isWhole) this.#emit('far-end', this.pages.count - 1, false);
    if (step !== 0) this.#move(step);
    else if (event.key === 'Enter') this.#emit('open-order', this.#active, false);
    else if (event.key.toLowerCase() === 'x' || event.key === ' ')
      this.#emit('select-order', this.#active, event.shiftKey);
    else return;
    event.preventDefault();
  };

  #move(step: number): void {
    this.#active = Math.min(this.pages.count - 1, Math.max(0, this.#active + step));
    const scroller = this.#scroller.value as HTMLElement;
    const [top, head] = [this.#active * this.#rowHeight, this.#narrow.matches ? 0 : 34];
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    const bottom = top + this.#rowHeight + head;
    if (bottom > scroller.scrollTop + this.#height) scroller.scrollTop = bottom - this.#height;
    this.requestUpdate();
  }

  readonly #click = (event: MouseEvent): void => {
    const target = event.target as HTMLElement;
    const row = target.closest<HTMLElement>('[data-index]');
    if (!row) return;
    this.#active = Number(row.dataset['index']);
    const isBox = target.closest('.cell-box') !== null;
    this.#emit(isBox ? 'select-order' : 'open-order', this.#active, event.shiftKey);
    this.requestUpdate();
  };

  #emit(name: string, index: number, isRange: boolean): void {
    this.dispatchEvent(new CustomEvent(name, { detail: { index, isRange } }));
  }

  override render() {
    const [height, count] = [this.#rowHeight, this.pages.count];
    const from = Math.max(0, this.inView.from - margin);
    const rows = this.pages.slice(from, this.inView.to + margin);
    return html`<div
      class="order-table"
      role="grid"
      aria-label="Orders"
      aria-multiselectable="true"
      aria-rowcount=${this.pages.isWhole ? count + 1 : -1}
      aria-activedescendant=${rows.length > 0 ? `order-row-${this.#active}` : ''}
      tabindex="0"
      data-list
      ${ref(this.#scroller)}
      @scroll=${this.#scrolled}
      @keydown=${this.#key}
      @click=${this.#click}
    >
      <div role="row" class="order-row order-head" aria-rowindex="1">
        ${orderColumns.map((name, index) => html`<span role="columnheader" data-column=${index}>${name || html`<span class="unseen">Selected</span>`}</span>`)}
      </div>
      <div role="rowgroup" class="order-body" .style=${`height: ${count * height}px`}>
        ${repeat(
          rows,
          ({ orderId }) => orderId,
          (order, at) =>
            orderRow(order, {
              index: from + at,
              top: (from + at) * height,
              isActive: from + at === this.#active,
              isSelected: this.selected.has(order.orderId),
              isOpen: order.orderId === this.openId,
            }),
        )}
      </div>
    </div>`;
  }
}

/** The detail of `open-order` and `select-order`. */
export type RowEvent = CustomEvent<{ readonly index: number; readonly isRange: boolean }>;
