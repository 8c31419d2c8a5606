import { html, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RepairCase } from '../../../contracts/views.ts';
import type { CasePage } from '../../server/api/cases.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { PagedRows, type ReadPage } from '../parts/paged-rows.ts';
import { countOf, emptyState, stateBadge, troubleNotice, wordsOf } from '../parts/words.ts';
import { moveFocus } from '../shell/keys.ts';
import { onLive } from '../shell/live.ts';
import { errorMessage, read } from '../shell/request.ts';
import { addressOf } from '../shell/router.ts';
import type { DeskCase } from './case-page.ts';

/** `<desk-repair>`: the cases beside the one that is open. */
export class DeskRepair extends DeskElement {
  static override readonly properties = { openId: {} };
  declare openId: string | null;

  readonly #list = createRef<HTMLElement>();
  readonly #case = createRef<DeskCase>();
  #state: 'open' | 'all' = 'open';
  readonly #cases = new PagedRows<RepairCase>(this.#pagesOf('open'), 50);
  #open = 0;
  #trouble: string | null = null;

  constructor() {
    super();
    this.openId = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileShown(onLive('cases', () => void this.#read()));
    this.whileShown(onLive('hello', () => void this.#read()));
    void this.#read();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('openId')) return;
    const before = changed.get('openId');
    if (this.openId === null && before) void this.#focusRow(before);
    // A case that is opened from the list takes the focus.
    else if (this.openId !== null && this.#list.value?.contains(document.activeElement)) void this.#focusCase();
  }

  /** Back in the list, the focus is on the case that was open. */
  async #focusRow(caseId: string): Promise<void> {
    await this.updateComplete;
    this.#list.value?.querySelector<HTMLElement>(`[data-row="${CSS.escape(caseId)}"]`)?.focus();
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

  async #reading(work: Promise<void>): Promise<void> {
    try {
      await work;
      this.#trouble = null;
    } catch (error) {
      this.#trouble = errorMessage(error);
    }
    this.requestUpdate();
  }

  #read(): Promise<void> {
    return this.#reading(this.#cases.renew());
  }

  #choose(state: 'open' | 'all'): void {
    this.#state = state;
    this.#cases.change(this.#pagesOf(state));
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
        ${troubleNotice(this.#trouble)} ${this.#rows()}
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
    const { rows } = this.#cases;
    if (rows === null) return null;
    if (rows.length === 0) {
      const text =
        'Every event that came in was understood. What no repair rule can put right shows up here by itself.';
      return emptyState('Nothing to repair', text);
    }
    const stop = stopOf(rows, this.openId);
    return html`<ul class="rows" data-list tabindex="-1" ${ref(this.#list)} @keydown=${this.#key}>
        ${repeat(
          rows,
          ({ caseId }) => caseId,
          (row) => this.#row(row, row.caseId === stop),
        )}
      </ul>
      ${
        this.#cases.hasMore
          ? html`<button class="more" @click=${() => this.#reading(this.#cases.readOn())}>Show older cases</button>`
          : null
      }`;
  }

  readonly #key = (event: KeyboardEvent): void => moveFocus(this.#list.value, event);

  #row(row: RepairCase, isStop: boolean): TemplateResult {
    return html`<li>
      <a
        class="row"
        href=${addressOf('repair', row.caseId)}
        data-row=${row.caseId}
        tabindex=${isStop ? 0 : -1}
        aria-current=${row.caseId === this.openId ? 'true' : 'false'}
      >
        <span class="row-top"
          ><strong>${wordsOf(row.reason)}</strong>${stateBadge(row.state)}<desk-age
            class="quiet"
            at=${row.closedAt ?? row.openedAt}
          ></desk-age
        ></span>
        <span class="row-text">${row.message}</span>
        <span class="row-foot quiet"
          ><span class="mono">${row.subject}</span>${row.owner ? html`<span>${row.owner}</span>` : null}</span
        >
      </a>
    </li>`;
  }
}

/** Tab stops at one row: the open case, or the first; j and k go to the others. */
const stopOf = (rows: readonly RepairCase[], openId: string | null): string | undefined =>
  (rows.find(({ caseId }) => caseId === openId) ?? rows[0])?.caseId;
