import { html, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { MailRow } from '../../../contracts/views.ts';
import type { MailPage, MailView } from '../../server/api/people.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { PagedRows, type ReadPage } from '../parts/paged-rows.ts';
import { emptyState, stateBadge, troubleNotice, wordsOf } from '../parts/words.ts';
import { moveFocus } from '../shell/keys.ts';
import { onLive } from '../shell/live.ts';
import { errorMessage, read } from '../shell/request.ts';
import { addressOf } from '../shell/router.ts';
import { mailOf } from './mail.ts';

/** A list with more mails is not read again with every event. */
const mostRenewed = 400;

/** `<desk-mails>`: the shop's mails, beside the open one. */
export class DeskMails extends DeskElement {
  static override readonly properties = { openId: {} };
  declare openId: string | null;

  readonly #list = createRef<HTMLElement>();
  #q = '';
  readonly #mails = new PagedRows<MailRow>(pagesOf(''), 100);
  #mail: MailView | null = null;
  #wantsFocus = false;
  #trouble: string | null = null;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.openId = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileShown(onLive('hello', () => void this.#read()));
    this.whileShown(onLive('orders', () => void this.#read()));
    this.whileShown(onLive('returns', () => void this.#read()));
    void this.#read();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('openId')) return;
    this.#mail = null;
    const before = changed.get('openId');
    if (this.openId !== null) void this.#readMail(this.openId);
    else if (before) void this.#focusRow(before);
    this.#wantsFocus = this.openId !== null && (this.#list.value?.contains(document.activeElement) ?? false);
  }

  /** A mail that was opened from the list takes the focus. */
  protected override updated(): void {
    if (!this.#wantsFocus || !this.#mail) return;
    this.#wantsFocus = false;
    this.querySelector<HTMLElement>('article.mail')?.focus();
  }

  /** Back in the list, the focus is on the mail that was open. */
  async #focusRow(requestId: string): Promise<void> {
    await this.updateComplete;
    this.#list.value?.querySelector<HTMLElement>(`[data-row="${CSS.escape(requestId)}"]`)?.focus();
  }

  async #read(): Promise<void> {
    if ((this.#mails.rows?.length ?? 0) <= mostRenewed) await this.#trying(() => this.#mails.renew());
  }

  async #readMail(id: string): Promise<void> {
    await this.#trying(async () => {
      const mail = await read<MailView>(`/api/mails/${encodeURIComponent(id)}`);
      if (id === this.openId) this.#mail = mail;
    });
  }

  async #trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#trouble = null;
    } catch (error) {
      this.#trouble = errorMessage(error);
    }
    this.requestUpdate();
  }

  #search(event: Event): void {
    this.#q = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      this.#mails.change(pagesOf(this.#q));
      void this.#read();
    }, 250);
  }

  override render() {
    return html`<div class="split" data-open=${this.openId === null ? 'no' : 'yes'}>
      <section class="split-list" aria-label="Mails">
        <div class="list-head">
          <h1>Mails</h1>
          <input
            type="search"
            placeholder="Order or customer  ( / )"
            aria-label="Search: a whole order id or customer id"
            @input=${(event: Event) => this.#search(event)}
          />
        </div>
        ${troubleNotice(this.#trouble)} ${this.#rows()}
      </section>
      <section class="split-main" aria-label="The open mail">
        ${this.openId === null ? emptyState('No mail is open', 'Choose one from the list: Enter opens, j and k move.') : null}
        ${this.#mail ? mailOf(this.#mail) : null}
      </section>
    </div>`;
  }

  #rows(): TemplateResult | null {
    const { rows } = this.#mails;
    if (rows === null) return null;
    if (rows.length === 0)
      return emptyState(
        'No mail',
        this.#q ? 'Search for a whole order id or customer id.' : 'The first one is sent when an order is placed.',
      );
    const stop = (rows.find(({ requestId }) => requestId === this.openId) ?? rows[0])?.requestId;
    return html`<ul class="rows" data-list tabindex="-1" ${ref(this.#list)} @keydown=${this.#key}>
        ${repeat(
          rows,
          ({ requestId }) => requestId,
          (mail) => this.#row(mail, mail.requestId === stop),
        )}
      </ul>
      ${
        this.#mails.hasMore
          ? html`<button class="more" @click=${() => this.#trying(() => this.#mails.readOn())}>
              Show older mails
            </button>`
          : null
      }`;
  }

  readonly #key = (event: KeyboardEvent): void => moveFocus(this.#list.value, event);

  #row(mail: MailRow, isStop: boolean): TemplateResult {
    const state = mail.refusedAt ? 'refused' : mail.sentAt ? 'sent' : 'on its way';
    return html`<li>
      <a
        class="row"
        href=${addressOf('mails', mail.requestId)}
        data-row=${mail.requestId}
        tabindex=${isStop ? 0 : -1}
        aria-current=${mail.requestId === this.openId ? 'true' : 'false'}
      >
        <span class="row-top"
          ><strong>${wordsOf(mail.kind)}</strong>${stateBadge(state)}<desk-age
            class="quiet"
            at=${mail.intendedAt}
          ></desk-age
        ></span>
        <span class="row-foot quiet"
          ><span>${mail.customerId}</span><span class="mono">${mail.orderId ?? ''}</span></span
        >
      </a>
    </li>`;
  }
}

const pagesOf =
  (q: string): ReadPage<MailRow> =>
  async (cursor, limit) => {
    const query = new URLSearchParams({ limit: String(limit), ...(q && { q }), ...(cursor !== null && { cursor }) });
    const { mails, next } = await read<MailPage>(`/api/mails?${query}`);
    return { rows: mails, next };
  };
