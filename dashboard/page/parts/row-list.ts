import { html, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { moveFocus } from '../shell/keys.ts';
import { addressOf, type Place } from '../shell/router.ts';
import { DeskElement } from './desk-element.ts';
import type { PagedRows } from './paged-rows.ts';

/** A view with a list of rows beside the thing that is open. */
export abstract class RowListView<Row> extends DeskElement {
  static override readonly properties = { openId: {} };
  declare openId: string | null;

  readonly #list = createRef<HTMLElement>();
  protected abstract readonly place: Place;
  protected abstract readonly paged: PagedRows<Row>;

  constructor() {
    super();
    this.openId = null;
  }

  protected abstract idOf(row: Row): string;

  /** The contents of a row. */
  protected abstract rowOf(row: Row): TemplateResult;

  protected get isFocusInList(): boolean {
    return this.#list.value?.contains(document.activeElement) ?? false;
  }

  /** Back in the list, the focus is on the row that was open. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('openId');
    if (before && this.openId === null) void this.#focusRow(before);
  }

  async #focusRow(id: string): Promise<void> {
    await this.updateComplete;
    this.#list.value?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus();
  }

  /** The rows that were read. Tab stops at one of them, the open one or the first; j and k go to the others. */
  protected rowList(older: string): TemplateResult {
    const rows = this.paged.rows ?? [];
    const stop = rows.find((row) => this.idOf(row) === this.openId) ?? rows[0];
    return html`<ul class="rows" data-list tabindex="-1" ${ref(this.#list)} @keydown=${this.#key}>
        ${repeat(
          rows,
          (row) => this.idOf(row),
          (row) => this.#item(row, row === stop),
        )}
      </ul>
      ${
        this.paged.hasMore
          ? html`<button class="more" @click=${() => this.trying(() => this.paged.readOn())}>${older}</button>`
          : null
      }`;
  }

  readonly #key = (event: KeyboardEvent): void => moveFocus(this.#list.value, event);

  #item(row: Row, isStop: boolean): TemplateResult {
    const id = this.idOf(row);
    return html`<li>
      <a
        class="row"
        href=${addressOf(this.place, id)}
        data-row=${id}
        tabindex=${isStop ? 0 : -1}
        aria-current=${id === this.openId ? 'true' : 'false'}
        >${this.rowOf(row)}</a
      >
    </li>`;
  }
}
