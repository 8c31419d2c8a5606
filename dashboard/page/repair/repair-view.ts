import { html, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CasePage, CaseRow } from '../../api/cases.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { countOf, emptyState, stateBadge, troubleNotice, wordsOf } from '../parts/words.ts';
import { moveFocus } from '../shell/keys.ts';
import { onLive } from '../shell/live.ts';
import { messageOf, read } from '../shell/request.ts';
import { addressOf } from '../shell/router.ts';

/** `<desk-repair>`: the cases beside the one that is open. */
export class DeskRepair extends DeskElement {
  static override readonly properties = { openId: {} };
  declare openId: string | null;

  readonly #list = createRef<HTMLElement>();
  #state: 'open' | 'all' = 'open';
  #cases: readonly CaseRow[] | null = null;
  #next: string | null = null;
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
    const before = changed.get('openId');
    if (changed.has('openId') && before && this.openId === null) void this.#focusRow(before);
  }

  /** Back in the list, the focus is on the case that was open. */
  async #focusRow(caseId: string): Promise<void> {
    await this.updateComplete;
    this.#list.value?.querySelector<HTMLElement>(`[data-row="${CSS.escape(caseId)}"]`)?.focus();
  }

  async #read(after?: string): Promise<void> {
    try {
      const limit = after ? 50 : Math.max(50, Math.min(200, this.#cases?.length ?? 0));
      const query = new URLSearchParams({ state: this.#state, limit: String(limit), ...(after ? { after } : {}) });
      const page = await read<CasePage>(`/api/cases?${query}`);
      this.#cases = after ? [...(this.#cases ?? []), ...page.cases] : page.cases;
      this.#next = page.next;
      this.#open = page.open;
      this.#trouble = null;
    } catch (error) {
      this.#trouble = messageOf(error);
    }
    this.requestUpdate();
  }

  #choose(state: 'open' | 'all'): void {
    this.#state = state;
    this.#cases = null;
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
            : html`<desk-case .caseId=${this.openId}></desk-case>`
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
    if (this.#cases === null) return null;
    if (this.#cases.length === 0) {
      const text =
        'Every event that came in was understood. What no repair rule can put right shows up here by itself.';
      return emptyState('Nothing to repair', text);
    }
    return html`<ul class="rows" data-list tabindex="-1" ${ref(this.#list)} @keydown=${this.#key}>
        ${repeat(
          this.#cases,
          ({ caseId }) => caseId,
          (row) => this.#row(row),
        )}
      </ul>
      ${
        this.#next
          ? html`<button class="more" @click=${() => this.#read(this.#next ?? undefined)}>Show older cases</button>`
          : null
      }`;
  }

  readonly #key = (event: KeyboardEvent): void => moveFocus(this.#list.value, event);

  #row(row: CaseRow): TemplateResult {
    return html`<li>
      <a
        class="row"
        href=${addressOf('repair', row.caseId)}
        data-row=${row.caseId}
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
