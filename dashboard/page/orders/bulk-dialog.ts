import { html, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { BulkPreview, BulkProgress, BulkReport, BulkRequest } from '../../server/api/orders.ts';
import { skippable } from '../../../contracts/mediators/holds.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { countOf, troubleNotice, wordsOf } from '../parts/words.ts';
import { onLive } from '../shell/live.ts';
import { change, messageOf, read } from '../shell/request.ts';
import { someoneActs } from '../shell/session.ts';
import { bulkPreview } from './bulk-preview.ts';
import { bulkReport } from './bulk-report.ts';

/** `<desk-bulk>`: one action on many orders: what to do, how many, how far it is, and what it really changed. Event: `changed`. */
export class DeskBulk extends DeskElement {
  readonly #dialog = createRef<HTMLDialogElement>();
  #request: BulkRequest | null = null;
  #preview: BulkPreview | null = null;
  #progress: BulkProgress | null = null;
  #report: BulkReport | null = null;
  #trouble: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileShown(onLive('bulk', (progress) => void this.#heard(progress)));
    this.whileShown(onLive('hello', () => void this.#look()));
    if (this.#progress?.state === 'running') void this.#look();
  }

  /** Opens with this; what is to be skipped, or why they are cancelled, is asked first. */
  start(request: BulkRequest): void {
    [this.#request, this.#preview, this.#progress, this.#report, this.#trouble] = [request, null, null, null, null];
    this.requestUpdate();
    this.#dialog.value?.showModal();
    if (request.action === 'retry' || request.action === 'approve') void this.#count({});
  }

  /** Whether there is an action to look at again. */
  get hasBegun(): boolean {
    return this.#progress !== null;
  }

  /** Opens with the action that was begun last, as it is now. */
  showAgain(): void {
    this.#dialog.value?.showModal();
    void this.#look();
  }

  async #trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#trouble = null;
    } catch (error) {
      this.#trouble = messageOf(error);
    }
    this.requestUpdate();
  }

  async #count(details: Partial<BulkRequest>): Promise<void> {
    if (!(await someoneActs())) return this.#dialog.value?.close();
    await this.#trying(async () => {
      this.#preview = await change<BulkPreview>('/api/bulk/preview', { ...this.#request, ...details });
    });
  }

  async #run({ id, count }: BulkPreview): Promise<void> {
    await this.#trying(async () => {
      this.#progress = await change<BulkProgress>(`/api/bulk/${encodeURIComponent(id)}/run`, { count });
      if (this.#progress.state === 'done') await this.#look();
    });
  }

  async #heard(progress: BulkProgress): Promise<void> {
    if (progress.id !== this.#preview?.id) return;
    this.#progress = progress;
    this.requestUpdate();
    if (progress.state === 'done') await this.#look();
  }

  /** The second look. After the server was away it also tells how far the action is. */
  async #look(): Promise<void> {
    const preview = this.#preview;
    if (!preview || !this.#progress) return;
    await this.#trying(async () => {
      const report = await this.#page(preview, 0);
      this.#progress = report;
      if (report.state === 'done') this.#report = report;
      this.dispatchEvent(new CustomEvent('changed'));
    });
  }

  #page({ id }: BulkPreview, offset: number): Promise<BulkReport> {
    return read<BulkReport>(`/api/bulk/${encodeURIComponent(id)}?offset=${offset}`);
  }

  /** The report comes 500 orders at a time. */
  async #more(report: BulkReport): Promise<void> {
    const preview = this.#preview;
    if (!preview) return;
    await this.#trying(async () => {
      const { orders } = await this.#page(preview, report.orders.length);
      if (this.#report === report) this.#report = { ...report, orders: [...report.orders, ...orders] };
    });
  }

  override render() {
    const action = this.#request?.action ?? 'retry';
    return html`<dialog ${ref(this.#dialog)} class="bulk" aria-labelledby="bulk-title">
      <div>
        <h2 id="bulk-title">${action[0]?.toUpperCase()}${action.slice(1)} many orders</h2>
        ${troubleNotice(this.#trouble)} ${this.#step()}
      </div>
    </dialog>`;
  }

  #step(): TemplateResult {
    const report = this.#report;
    if (report) {
      const asked = { again: () => void this.#look(), more: () => void this.#more(report) };
      return html`${bulkReport(report, asked)}${this.#closing('Close')}`;
    }
    if (this.#progress) return this.#running(this.#progress);
    if (this.#preview) return this.#confirming(this.#preview);
    if (this.#request?.action === 'cancel' || this.#request?.action === 'skip')
      return this.#asking(this.#request.action);
    return html`<p class="quiet" role="status">Counting …</p>
      ${this.#closing('Not now')}`;
  }

  #asking(action: 'cancel' | 'skip'): TemplateResult {
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      void this.#count(Object.fromEntries(new FormData(event.target as HTMLFormElement)));
    };
    return html`<form class="stack" @submit=${submit}>
      ${
        action === 'cancel'
          ? html`<label class="field">Why, for the customers <input name="reason" required maxlength="200" /></label>`
          : html`<label class="field"
              >What to leave out
              <select name="command">
                ${skippable.map((command) => html`<option value=${command}>${wordsOf(command)}</option>`)}
              </select></label
            >`
      }
      ${this.#closing('Not now', html`<button class="primary">Count first</button>`)}
    </form>`;
  }

  #confirming(preview: BulkPreview): TemplateResult {
    const run = html`<button class="primary" ?disabled=${preview.count === 0} @click=${() => this.#run(preview)}>
      ${preview.action[0]?.toUpperCase()}${preview.action.slice(1)} ${countOf(preview.count, 'order')}
    </button>`;
    return html`${bulkPreview(preview)}${this.#closing('Not now', run)}`;
  }

  #running({ count, done, taken, refused, unknown }: BulkProgress): TemplateResult {
    return html`<p role="status">
        ${done} of ${count}: ${taken} taken, ${refused} refused, ${unknown} without an answer
      </p>
      <progress max=${count} value=${done} aria-label="Progress"></progress>
      <p class="quiet small">It goes on in the server when this is closed; “The last one again” shows it.</p>
      ${this.#closing('Close')}`;
  }

  #closing(word: string, more: TemplateResult | null = null): TemplateResult {
    return html`<div class="actions">
      <button type="button" @click=${() => this.#dialog.value?.close()}>${word}</button>${more}
    </div>`;
  }
}
