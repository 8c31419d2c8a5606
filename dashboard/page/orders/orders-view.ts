import { html, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { BulkActionName } from '../../../contracts/mediators/bulk.ts';
import type { OrderQuery } from '../../server/api/orders.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { countOf, numberOf, troubleNotice } from '../parts/words.ts';
import { onLive } from '../shell/live.ts';
import { addressOf } from '../shell/router.ts';
import { showToast } from '../shell/toasts.ts';
import { bulkBar, filterIn } from './bulk-bar.ts';
import type { DeskBulk } from './bulk-dialog.ts';
import { nothingFits, orderFilter } from './order-filter.ts';
import { OrderPages } from './order-pages.ts';
import type { DeskOrderTable, RowEvent } from './order-table.ts';
import { Selection } from './selection.ts';

/** A read that failed is tried again after this pause. */
const retryAfterMs = 2_000;

/** `<desk-orders>`: the table of all orders, beside the open one. */
export class DeskOrders extends DeskElement {
  static override readonly properties = { openId: {} };
  declare openId: string | null;

  readonly #table = createRef<DeskOrderTable>();
  readonly #bulk = createRef<DeskBulk>();
  #query: OrderQuery = {};
  #pages = new OrderPages({});
  #selection = new Selection();
  #typing: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #isRenewing = false;
  /** A change was reported while the rows were being renewed. */
  #isStale = false;
  #version = 0;

  constructor() {
    super();
    this.openId = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileShown(onLive('orders', () => void this.#renew()));
    this.whileShown(onLive('hello', () => void this.#renew()));
    this.whileShown(() => clearTimeout(this.#again));
    void (this.#pages.isRead ? this.#renew() : this.#readOn());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get('openId') && this.openId === null) void this.#focusTable();
  }

  /** Closing an order gives the focus back to the table. */
  async #focusTable(): Promise<void> {
    await this.updateComplete;
    if (document.activeElement === document.body) this.querySelector<HTMLElement>('.order-table')?.focus();
  }

  #change(query: OrderQuery): void {
    if (JSON.stringify(query) === JSON.stringify(this.#query)) return;
    this.#query = query;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#readAnew(), 200);
  }

  #readAnew(): void {
    this.#pages = new OrderPages(this.#query);
    this.#selection = new Selection();
    void this.#readOn();
  }

  async #readOn(): Promise<void> {
    const pages = this.#pages;
    await this.#reading(() => pages.readOn());
  }

  /** Renews the visible rows, and once more when something changed meanwhile. */
  async #renew(): Promise<void> {
    this.#isStale = true;
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    while (this.#isStale) {
      this.#isStale = false;
      const { from, to } = this.#table.value?.inView ?? { from: 0, to: 0 };
      await this.#reading(() => (this.#pages.isRead ? this.#pages.renew(from, to) : this.#pages.readOn()));
    }
    this.#isRenewing = false;
  }

  /** A failed read is repeated after a pause: the server may be away, or was asked too often. */
  async #reading(work: () => Promise<void>): Promise<void> {
    clearTimeout(this.#again);
    await this.trying(async () => {
      try {
        await work();
        this.#pages.forgetFailure();
      } catch (error) {
        this.#again = setTimeout(() => this.#tryAgain(), retryAfterMs);
        throw error;
      } finally {
        this.#version += 1;
      }
    });
  }

  #tryAgain(): void {
    this.#pages.forgetFailure();
    void this.#renew();
  }

  /** Only the next page can be read, so that the far end is reached by turning the sort order. */
  #showFarEnd(): void {
    const { sort = 'newest' } = this.#query;
    if (sort !== 'newest' && sort !== 'oldest') return;
    this.#query = { ...this.#query, sort: sort === 'newest' ? 'oldest' : 'newest' };
    showToast(`The other end of the list: ${sort === 'newest' ? 'oldest' : 'newest'} first now.`);
    this.#readAnew();
  }

  #open({ detail }: RowEvent): void {
    const order = this.#pages.rowAt(detail.index);
    if (order) location.hash = addressOf('orders', order.orderId);
  }

  #select(selection: Selection): void {
    this.#selection = selection;
    this.requestUpdate();
  }

  override render() {
    return html`<div class="split orders" data-open=${this.openId === null ? 'no' : 'yes'}>
      <section class="split-list" aria-label="All orders">
        <div class="list-head">
          <h1>Orders</h1>
          <span class="quiet total" aria-live="polite">${this.#totalText()}</span>
          ${orderFilter(this.#query, (query) => this.#change(query))}
        </div>
        ${this.#bulkBar()} ${troubleNotice(this.trouble)}
        ${this.#pages.isRead && this.#pages.count === 0 ? nothingFits() : this.#tableOf()}
      </section>
      ${
        this.openId === null
          ? null
          : html`<section class="split-main" aria-label="The open order">
              <desk-order .orderId=${this.openId}></desk-order>
            </section>`
      }
      <desk-bulk ${ref(this.#bulk)} @changed=${() => void this.#renew()}></desk-bulk>
    </div>`;
  }

  #totalText(): string {
    const { total } = this.#pages;
    return total ? `${total.isExact ? '' : 'about '}${countOf(total.count, 'order')}` : 'counting …';
  }

  #tableOf(): TemplateResult {
    return html`<div class="table-frame">
      ${
        this.#pages.arrived > 0
          ? html`<button class="arrived primary" @click=${() => this.#readAnew()}>
              ↑ ${numberOf(this.#pages.arrived)}${this.#pages.arrived >= 200 ? ' and more' : ''} new
            </button>`
          : null
      }
      <desk-order-table
        ${ref(this.#table)}
        .pages=${this.#pages}
        .selected=${this.#selection.ids}
        .openId=${this.openId}
        .version=${this.#version}
        @open-order=${(event: RowEvent) => this.#open(event)}
        @select-order=${({ detail }: RowEvent) => this.#select(this.#selection.with(this.#pages, detail.index, detail.isRange))}
        @far-end=${() => this.#showFarEnd()}
        @need-more=${() => void this.#readOn()}
      ></desk-order-table>
    </div>`;
  }

  #bulkBar(): TemplateResult {
    return bulkBar({
      selected: this.#selection.ids.size,
      filter: filterIn(this.#query),
      found: this.#pages.count,
      act: (action) => this.#act(action),
      clear: () => this.#select(new Selection()),
      showBegun: () => this.#bulk.value?.showBegun(),
    });
  }

  #act(action: BulkActionName): void {
    const { ids } = this.#selection;
    const which = ids.size > 0 ? { orderIds: [...ids] } : { filter: filterIn(this.#query) };
    this.#bulk.value?.start({ action, ...which });
  }
}
