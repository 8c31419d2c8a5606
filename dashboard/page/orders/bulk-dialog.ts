import { html, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { BulkControlName, BulkProgress } from '../../../contracts/mediators/bulk.ts';
import type { BulkList, BulkListed, BulkPreview, BulkReport, BulkRequest } from '../../server/api/orders.ts';
import { skippable } from '../../../contracts/mediators/holds.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { onSubmit, textIn } from '../parts/forms.ts';
import { capital, countOf, troubleNotice, wordsOf } from '../parts/words.ts';
import { onLive } from '../shell/live.ts';
import { change, read } from '../shell/request.ts';
import { hasActor } from '../shell/session.ts';
import { bulkPreview } from './bulk-preview.ts';
import { bulkList, bulkProgress } from './bulk-progress.ts';
import { bulkReport } from './bulk-report.ts';

/** The contents of the dialog, from the choice to the report; each later part hides those before it. */
interface Shown {
  readonly request?: BulkRequest;
  readonly list?: readonly BulkListed[];
  readonly preview?: BulkPreview;
  readonly progress?: BulkProgress;
  readonly report?: BulkReport;
}

/** `<desk-bulk>`: one action on many orders: choosing, counting, its progress, and its report. Event: `changed`. */
export class DeskBulk extends DeskElement {
  readonly #dialog = createRef<HTMLDialogElement>();
  #shown: Shown = {};

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileShown(onLive('bulk', (progress) => void this.#heard(progress)));
    this.whileShown(onLive('hello', () => void this.#lookAgain()));
    void this.#lookAgain();
  }

  /** Opens with this request; a command to skip, or the reason to cancel, is asked first. */
  start(request: BulkRequest): void {
    this.#open({ request });
    if (request.action === 'retry' || request.action === 'approve') void this.#count({});
  }

  /** Opens with the bulk actions that were begun, by this page or any other. */
  showBegun(): void {
    this.#open({});
    void this.trying(async () => {
      this.#shown = { list: (await read<BulkList>('/api/bulk')).bulk };
    });
  }

  #open(shown: Shown): void {
    [this.#shown, this.trouble] = [shown, null];
    this.requestUpdate();
    this.#dialog.value?.showModal();
  }

  async #count(details: Partial<BulkRequest>): Promise<void> {
    if (!(await hasActor())) return this.#dialog.value?.close();
    await this.trying(async () => {
      const { request } = this.#shown;
      const preview = await change<BulkPreview>('/api/bulk/preview', { ...request, ...details });
      this.#shown = { ...this.#shown, preview };
    });
  }

  async #run({ id, count }: BulkPreview, name: string): Promise<void> {
    await this.trying(async () => {
      const progress = await change<BulkProgress>(`${pathOf(id)}/run`, { count, ...(name && { name }) });
      this.#shown = { ...this.#shown, progress };
    });
    if (this.#shown.progress) await this.#look(id); // it may be over before its first event came
  }

  async #control({ id }: BulkProgress, name: BulkControlName): Promise<void> {
    if (!(await hasActor())) return;
    await this.trying(async () => this.#heard(await change<BulkProgress>(`${pathOf(id)}/${name}`, {})));
  }

  async #heard(progress: BulkProgress): Promise<void> {
    if (progress.id !== this.#shown.progress?.id || this.#shown.report) return;
    this.#shown = { ...this.#shown, progress };
    this.requestUpdate();
    if (isOver(progress)) await this.#look(progress.id);
  }

  async #lookAgain(): Promise<void> {
    const { progress } = this.#shown;
    if (progress && !isOver(progress)) await this.#look(progress.id);
  }

  /** Reads the report. After the server was away it also says how far the action is. */
  async #look(id: string): Promise<void> {
    await this.trying(async () => {
      const report = await readPage(id, 0);
      const { state } = report;
      if (state === 'previewed') return;
      const progress = { ...report, state };
      this.#shown = { ...this.#shown, progress, ...(isOver(progress) ? { report } : {}) };
      this.dispatchEvent(new CustomEvent('changed'));
    });
  }

  /** The report comes 500 orders at a time. */
  async #more(report: BulkReport): Promise<void> {
    await this.trying(async () => {
      const { orders } = await readPage(report.id, report.orders.length);
      if (this.#shown.report !== report) return;
      this.#shown = { ...this.#shown, report: { ...report, orders: [...report.orders, ...orders] } };
    });
  }

  override render() {
    const { request, progress } = this.#shown;
    const action = request?.action ?? progress?.action;
    return html`<dialog ${ref(this.#dialog)} class="bulk" aria-labelledby="bulk-title">
      <div>
        <h2 id="bulk-title">${action ? `${capital(action)} many orders` : 'Bulk actions'}</h2>
        ${troubleNotice(this.trouble)} ${this.#step()}
      </div>
    </dialog>`;
  }

  #step(): TemplateResult {
    const { request, list, preview, progress, report } = this.#shown;
    if (report) {
      const asked = { again: () => void this.#look(report.id), more: () => void this.#more(report) };
      return html`${bulkReport(report, asked)}${this.#closing('Close')}`;
    }
    if (progress) {
      return html`${bulkProgress(progress, (name) => void this.#control(progress, name))}${this.#closing('Close')}`;
    }
    if (list) return html`${bulkList(list, (id) => void this.#look(id))}${this.#closing('Close')}`;
    if (preview) return this.#confirming(preview);
    if (request?.action === 'cancel' || request?.action === 'skip') return this.#asking(request.action);
    return html`<p class="quiet" role="status">${request ? 'Counting …' : 'Looking …'}</p>
      ${this.#closing('Not now')}`;
  }

  #asking(action: 'cancel' | 'skip'): TemplateResult {
    const submit = onSubmit((form) => void this.#count(Object.fromEntries(form)));
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
    const submit = onSubmit((form) => void this.#run(preview, textIn(form, 'name')));
    const run = html`<button class="primary" ?disabled=${preview.count === 0}>
      ${capital(preview.action)} ${countOf(preview.count, 'order')}
    </button>`;
    return html`<form class="stack" @submit=${submit}>
      ${bulkPreview(preview)}
      <label class="field">A name, to find it again <input name="name" maxlength="64" /></label>
      ${this.#closing('Not now', run)}
    </form>`;
  }

  #closing(word: string, more: TemplateResult | null = null): TemplateResult {
    return html`<div class="actions">
      <button type="button" @click=${() => this.#dialog.value?.close()}>${word}</button>${more}
    </div>`;
  }
}

const isOver = ({ state }: BulkProgress): boolean => state === 'stopped' || state === 'done';

const pathOf = (id: string): string => `/api/bulk/${encodeURIComponent(id)}`;

const readPage = (id: string, offset: number): Promise<BulkReport> => read(`${pathOf(id)}?offset=${offset}`);
