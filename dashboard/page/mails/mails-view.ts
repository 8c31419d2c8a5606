import { html, type PropertyValues, type TemplateResult } from 'lit';
import type { MailRow } from '../../../contracts/views.ts';
import type { MailPage, MailView } from '../../server/api/people.ts';
import { PagedRows, type ReadPage } from '../parts/paged-rows.ts';
import { RowListView } from '../parts/row-list.ts';
import { emptyState, stateBadge, troubleNotice, wordsOf } from '../parts/words.ts';
import { onLive } from '../shell/live.ts';
import { read } from '../shell/request.ts';
import { mailOf } from './mail.ts';

/** A list with more mails is not read again with every event. */
const mostRenewed = 400;

/** `<desk-mails>`: the shop's mails, beside the open one. */
export class DeskMails extends RowListView<MailRow> {
  protected readonly place = 'mails';
  #q = '';
  protected readonly paged = new PagedRows<MailRow>(pagesOf(''), 100);
  #mail: MailView | null = null;
  #wantsFocus = false;
  #typing: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    for (const name of ['hello', 'orders', 'returns'] as const) this.whileShown(onLive(name, () => void this.#read()));
    void this.#read();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has('openId')) return;
    this.#mail = null;
    if (this.openId !== null) void this.#readMail(this.openId);
    this.#wantsFocus = this.openId !== null && this.isFocusInList;
  }

  /** A mail that was opened from the list takes the focus. */
  protected override updated(): void {
    if (!this.#wantsFocus || !this.#mail) return;
    this.#wantsFocus = false;
    this.querySelector<HTMLElement>('article.mail')?.focus();
  }

  async #read(): Promise<void> {
    if ((this.paged.rows?.length ?? 0) <= mostRenewed) await this.trying(() => this.paged.renew());
  }

  async #readMail(id: string): Promise<void> {
    await this.trying(async () => {
      const mail = await read<MailView>(`/api/mails/${encodeURIComponent(id)}`);
      if (id === this.openId) this.#mail = mail;
    });
  }

  #search(event: Event): void {
    this.#q = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      this.paged.change(pagesOf(this.#q));
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
        ${troubleNotice(this.trouble)} ${this.#rows()}
      </section>
      <section class="split-main" aria-label="The open mail">
        ${this.openId === null ? emptyState('No mail is open', 'Choose one from the list: Enter opens, j and k move.') : null}
        ${this.#mail ? mailOf(this.#mail) : null}
      </section>
    </div>`;
  }

  #rows(): TemplateResult | null {
    const { rows } = this.paged;
    if (rows === null) return null;
    if (rows.length > 0) return this.rowList('Show older mails');
    return emptyState(
      'No mail',
      this.#q ? 'Search for a whole order id or customer id.' : 'The first one is sent when an order is placed.',
    );
  }

  protected idOf({ requestId }: MailRow): string {
    return requestId;
  }

  protected rowOf({ kind, intendedAt, refusedAt, bouncedAt, sentAt, customerId, orderId }: MailRow): TemplateResult {
    const state = bouncedAt ? 'bounced' : refusedAt ? 'refused' : sentAt ? 'sent' : 'on its way';
    return html`<span class="row-top"
        ><strong>${wordsOf(kind)}</strong>${stateBadge(state)}<desk-age class="quiet" at=${intendedAt}></desk-age
      ></span>
      <span class="row-foot quiet"><span>${customerId}</span><span class="mono">${orderId ?? ''}</span></span>`;
  }
}

const pagesOf =
  (q: string): ReadPage<MailRow> =>
  async (cursor, limit) => {
    const query = new URLSearchParams({ limit: String(limit), ...(q && { q }), ...(cursor !== null && { cursor }) });
    const { mails, next } = await read<MailPage>(`/api/mails?${query}`);
    return { rows: mails, next };
  };
