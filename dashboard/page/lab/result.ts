import { html, type TemplateResult } from 'lit';
import type { MeasurementView } from '../../server/api/measurements.ts';
import { instantOf } from '../parts/ages.ts';
import { countOf, wordsOf } from '../parts/words.ts';

/** One result: where it was measured, its tables, charts and notes. */
export const resultOf = (result: MeasurementView): TemplateResult => html`
  <article class="page result" tabindex="-1" aria-label="The result">
    ${resultHead(result)} ${result.tables.map(tableOf)} ${result.charts.map((chart) => chartOf(result, chart))}
    ${
      result.notes.length > 0
        ? html`<ul class="notes">
            ${result.notes.map((note) => html`<li>${note}</li>`)}
          </ul>`
        : null
    }
  </article>
`;

const resultHead = ({ measurement, measuredAt, runs, machine, versions, settings }: MeasurementView) => html`
  <header class="case-head">
    <a class="back" href="#/lab">← All measurements</a>
    <h1 class="titled">${wordsOf(measurement)}</h1>
    <dl class="facts-of">
      <dt>Measured</dt>
      <dd>${instantOf(measuredAt)}, ${countOf(runs, 'run')}</dd>
      <dt>Machine</dt>
      <dd>${machine.processor}, ${countOf(machine.cores, 'core')}, ${machine.memoryGiB} GiB, ${machine.system}</dd>
      <dt>Versions</dt>
      <dd>${listed(versions)}</dd>
      <dt>Settings</dt>
      <dd>${listed(settings)}</dd>
    </dl>
  </header>
`;

const listed = (pairs: Readonly<Record<string, string | number>>): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

const tableOf = ({ title, columns, rows }: MeasurementView['tables'][number]): TemplateResult =>
  html`<section class="group">
    <h2>${title}</h2>
    <div class="scrolls" tabindex="0" role="region" aria-label=${title}>
      <table>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;

/** The time is in the address, so that a chart that was drawn again is read again. */
const chartOf = (
  { measurement, measuredAt }: MeasurementView,
  { name, title }: MeasurementView['charts'][number],
): TemplateResult => {
  const file = encodeURIComponent(`${measurement}-${name}.svg`);
  const source = `/api/measurements/charts/${file}?at=${encodeURIComponent(measuredAt)}`;
  return html`<img class="chart" src=${source} alt=${`Chart: ${title}`} width="760" height="400" />`;
};
