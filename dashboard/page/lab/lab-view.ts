import { html, type PropertyValues, type TemplateResult } from 'lit';
import type { MeasurementList, MeasurementView } from '../../server/api/measurements.ts';
import { PagedRows } from '../parts/paged-rows.ts';
import { RowListView } from '../parts/row-list.ts';
import { countOf, emptyState, troubleNotice, wordsOf } from '../parts/words.ts';
import { onLive } from '../shell/live.ts';
import { read } from '../shell/request.ts';
import { resultOf } from './result.ts';

/** `<desk-lab>`: what the lab has measured, beside the result that is open. */
export class DeskLab extends RowListView<MeasurementView> {
  protected readonly place = 'lab';
  protected readonly paged = new PagedRows<MeasurementView>(readAll, 100);
  #wantsFocus = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileShown(onLive('hello', () => void this.#read()));
    void this.#read();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('openId')) this.#wantsFocus = this.openId !== null && this.isFocusInList;
  }

  /** A result that was opened from the list takes the focus. */
  protected override updated(): void {
    if (!this.#wantsFocus) return;
    this.#wantsFocus = false;
    this.querySelector<HTMLElement>('article.result')?.focus();
  }

  #read(): Promise<void> {
    return this.trying(() => this.paged.renew());
  }

  override render() {
    return html`<div class="split" data-open=${this.openId === null ? 'no' : 'yes'}>
      <section class="split-list" aria-label="Measurements">
        <div class="list-head">
          <h1>Lab</h1>
          <span class="quiet">The latest result of each measurement</span>
        </div>
        ${troubleNotice(this.trouble)} ${this.#rows()}
      </section>
      <section class="split-main" aria-label="The open result">${this.#open()}</section>
    </div>`;
  }

  #rows(): TemplateResult | null {
    const { rows } = this.paged;
    if (rows === null) return null;
    if (rows.length > 0) return this.rowList('Show more');
    return emptyState(
      'Nothing was measured here',
      'In the checkout, “npm run lab” lists the measurements, “npm run lab -- all” makes them all.',
    );
  }

  #open(): TemplateResult | null {
    const { rows } = this.paged;
    if (rows === null) return null;
    const result = rows.find((row) => this.idOf(row) === this.openId);
    if (result) return resultOf(result);
    if (this.openId !== null) return emptyState('No such result', `“npm run lab -- ${this.openId}” would make it.`);
    return emptyState('No result is open', 'Choose one from the list: Enter opens, j and k move.');
  }

  protected idOf({ measurement }: MeasurementView): string {
    return measurement;
  }

  protected rowOf({ measurement, measuredAt, runs, machine }: MeasurementView): TemplateResult {
    return html`<span class="row-top"
        ><strong>${wordsOf(measurement)}</strong><desk-age class="quiet" at=${measuredAt}></desk-age
      ></span>
      <span class="row-foot quiet"
        ><span>${countOf(machine.cores, 'core')}, ${machine.processor}</span><span>${countOf(runs, 'run')}</span></span
      >`;
  }
}

/** They are few: one page has them all. */
const readAll = async () => {
  const { measurements } = await read<MeasurementList>('/api/measurements');
  return { rows: measurements, next: null };
};
