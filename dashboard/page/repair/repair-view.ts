import { html, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { RepairCase } from '../../../contracts/views.ts';
import type { CasePage } from '../../server/api/cases.ts';
import { PagedRows, type ReadPage } from '../parts/paged-rows.ts';
import { RowListView } from '../parts/row-list.ts';
import { countOf, emptyState, stateBadge, troubleNotice, wordsOf } from '../parts/words.ts';
import { onLive } from '../shell/live.ts';
import { read } from '../shell/request.ts';
import type { DeskCase } from './case-page.ts';

/** `<desk-repair>`: the cases beside the one that is open. */
export class DeskRepair extends RowListView<RepairCase> {
  protected readonly place = 'repair';
  readonly #case = createRef<DeskCase>();
  #state: 'open' | 'all' = 'open';
  protected readonly paged = new PagedRows<RepairCase>(this.#pagesOf('open'), 50);
  #open = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileShown(onLive('cases', () => void this.#read()));
    this.whileShown(onLive('hello', () => void this.#read()));
    void this.#read();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    // A case that is opened from the list takes the focus.
    if (changed.has('openId') && this.openId !== null && this.isFocusInList) void this.#focusCase();
  }

  async #focusCase(): Promise<void> {
    await this.updateComplete;
    this.#case.value?.focusWhenRead();
  }

  #pagesOf(state: 'open' | 'all'): ReadPage<RepairCase> {
    return async (cursor, limit) => {
      const query = new URLSearchParams({ state, limit: String(limit), ...(cursor !== null && { after: cursor }) });
      const { cases, next, open } = await read<CasePage>(`/api/cases?${query}`);
      this.#open = open;
      return { rows: cases, next };
    };
  }

  #read(): Promise<void> {
    return this.trying(() => this.paged.renew());
  }

  #choose(state: 'open' | 'all'): void {
    this.#state = state;
    this.paged.change(this.#pagesOf(state));
    this.requestUpdate();
    void this.#read();
  }

  override render() {
    return html`<div class="split" data-open=${this.openId === null ? 'no' : 'yes'}>
      <section class="split-list" aria-label="Cases">
        <div class="list-head">
          <h1>Repair</h1>
          <span class="quiet">${countOf(this.#open, 'open case')}</span>
          <div class="choice" role="group" aria-label="Which cases">${this.#choice('open')}${this.#choice('all')}</div>
        </div>
        ${troubleNotice(this.trouble)} ${this.#rows()}
      </section>
      <section class="split-main" aria-label="The open case">
        ${
          this.openId === null
            ? emptyState('No case is open', 'Choose one from the list: Enter opens, j and k move.')
            : html`<desk-case ${ref(this.#case)} .caseId=${this.openId}></desk-case>`
        }
      </section>
    </div>`;
  }

  #choice(state: 'open' | 'all'): TemplateResult {
    const isChosen = this.#state === state;
    return html`<button aria-pressed=${isChosen} @click=${() => this.#choose(state)}>
      ${state === 'open' ? 'Open' : 'All'}
    </button>`;
  }

  #rows(): TemplateResult | null {
    const { rows } = this.paged;
    if (rows === null) return null;
    if (rows.length > 0) return this.rowList('Show older cases');
    const text = 'Every event that came in was understood. What no repair rule can put right shows up here by itself.';
    return emptyState('Nothing to repair', text);
  }

  protected idOf({ caseId }: RepairCase): string {
    return caseId;
  }

  protected rowOf({ reason, state, closedAt, openedAt, message, subject, owner }: RepairCase): TemplateResult {
    return html`<span class="row-top"
        ><strong>${wordsOf(reason)}</strong>${stateBadge(state)}<desk-age
          class="quiet"
          at=${closedAt ?? openedAt}
        ></desk-age
      ></span>
      <span class="row-text">${message}</span>
      <span class="row-foot quiet"
        ><span class="mono">${subject}</span>${owner ? html`<span>${owner}</span>` : null}</span
      >`;
  }
}
