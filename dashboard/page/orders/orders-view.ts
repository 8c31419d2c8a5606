import { html, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { bulkActions, type BulkActionName } from '../../api.ts';
import type { OrderFilter, OrderQuery } from '../../api/orders.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { countOf, emptyState, numberOf, troubleNotice, wordsOf } from '../parts/words.ts';
import { onLive } from '../shell/live.ts';
import { messageOf } from '../shell/request.ts';
import { addressOf } from '../shell/router.ts';
import type { DeskBulk } from './bulk-dialog.ts';
import { orderFilter } from './order-filter.ts';
import { OrderPages } from './order-pages.ts';
import type { DeskOrderTable, RowEvent } from './order-table.ts';

/** `<desk-orders>`: the table of all orders, beside the one that is open. */
export class DeskOrders extends DeskElement {
  static override readonly properties = { openId: {} };
  declare openId: string | null;

  readonly #table = createRef<DeskOrderTable>();
  readonly #bulk = createRef<DeskBulk>();
  #query: OrderQuery = {};
  #pages = new OrderPages({});
  #selected: ReadonlySet<string> = new Set();
  #lastSelected = 0;
  #trouble: string | null = null;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #isRenewing = false;
  #version = 0;

  constructor() {
    super();
    this.openId = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileShown(onLive('orders', () => void this.#renew()));
    this.whileShown(onLive('hello', () => void this.#renew()));
    void this.#readOn();
  }

  #change(query: OrderQuery): void {
    if (JSON.stringify(query) === JSON.stringify(this.#query)) return;
    this.#query = query;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#readAnew(), 200);
  }

  #readAnew(): void {
    this.#pages = new OrderPages(this.#query);
    this.#selected = new Set();
    void this.#readOn();
  }

  async #readOn(): Promise<void> {
    const pages = this.#pages;
    await this.#trying(() => pages.readOn());
  }

  /** Renews what is seen; ticks that come meanwhile are covered by the next one. */
  async #renew(): Promise<void> {
    const { from, to } = this.#table.value?.inView ?? { from: 0, to: 0 };
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    await this.#trying(() => (this.#pages.isRead ? this.#pages.renew(from, to) : this.#pages.readOn()));
    this.#isRenewing = false;
  }

  async #trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#trouble = null;
    } catch (error) {
      this.#trouble = messageOf(error);
    }
    this.#version += 1;
    this.requestUpdate();
  }

  #open({ detail }: RowEvent): void {
    const order = this.#pages.rowAt(detail.index);
    if (order) location.hash = addressOf('orders', order.orderId);
  }

  #select({ detail: { index, isRange } }: RowEvent): void {
    const selected = new Set(this.#selected);
    const [from, to] = isRange
      ? [Math.min(index, this.#lastSelected), Math.max(index, this.#lastSelected)]
      : [index, index];
    for (const { orderId } of this.#pages.slice(from, to + 1)) {
      if (isRange || !selected.has(orderId)) selected.add(orderId);
      else selected.delete(orderId);
    }
    this.#lastSelected = index;
    this.#selected = selected;
    this.requestUpdate();
  }

  #clear(): void {
    this.#selected = new Set();
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
        ${this.#bulkBar()} ${troubleNotice(this.#trouble)}
        ${this.#pages.isRead && this.#pages.count === 0 ? this.#nothing() : this.#tableOf()}
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

  #nothing(): TemplateResult {
    return emptyState(
      'No order fits',
      'Search for the beginning of an order id or a whole customer id, or take a filter back.',
    );
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
        .selected=${this.#selected}
        .openId=${this.openId}
        .version=${this.#version}
        @open-order=${(event: RowEvent) => this.#open(event)}
        @select-order=${(event: RowEvent) => this.#select(event)}
        @need-more=${() => void this.#readOn()}
      ></desk-order-table>
    </div>`;
  }

  #bulkBar(): TemplateResult {
    const count = this.#selected.size;
    return html`<div class="bulk-bar" role="toolbar" aria-label="Act on many orders">
      <span class="bulk-count" aria-live="polite"
        >${count > 0 ? `${numberOf(count)} selected` : 'None selected: all found'}</span
      >
      ${bulkActions.map(
        (action) =>
          html`<button
            class=${action === 'cancel' ? 'grave' : ''}
            ?disabled=${this.#pages.count === 0}
            @click=${() => this.#act(action)}
          >
            ${wordsOf(action)[0]?.toUpperCase()}${wordsOf(action).slice(1)} …
          </button>`,
      )}
      <button class="plain" ?disabled=${count === 0} @click=${() => this.#clear()}>Clear</button>
    </div>`;
  }

  #act(action: BulkActionName): void {
    const { state, holdReason, q }: OrderFilter = this.#query;
    const filter = { ...(state && { state }), ...(holdReason && { holdReason }), ...(q && { q }) };
    const which = this.#selected.size > 0 ? { orderIds: [...this.#selected] } : { filter };
    this.#bulk.value?.start({ action, ...which });
  }
}
