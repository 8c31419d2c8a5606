import { html, type TemplateResult } from 'lit';
import type { OrderPosition } from '../../../contracts/mediators/bulk.ts';
import type { BulkReport } from '../../server/api/orders.ts';
import { countOf, numberOf, wordsOf } from '../parts/words.ts';

/** The report on a bulk action: the current state of each order, independent of its mediator's answer. */
export const bulkReport = (
  report: BulkReport,
  { again, more }: { readonly again: () => void; readonly more: () => void },
): TemplateResult => html`
  <p class="big-count" role="status">${countOf(report.changed, 'order')} changed</p>
  <p class="quiet">
    of ${report.count}: ${report.taken} taken, ${report.refused} refused, ${report.unknown} without an answer.
    ${report.state === 'stopped' ? stoppedBy(report) : null}
    <button class="linkish" @click=${again}>Look again</button>
  </p>
  <div class="report" tabindex="0" role="region" aria-label="Each order">
    <table>
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col">Before</th>
          <th scope="col">Now</th>
          <th scope="col">Answer</th>
        </tr>
      </thead>
      <tbody>
        ${report.orders.map(
          ({ orderId, before, after, answer, message }) =>
            html`<tr>
              <td><a class="mono" href="#/orders/${orderId}">${orderId}</a></td>
              <td>${positionText(before)}</td>
              <td>${positionText(after)}</td>
              <td>${answer}${message ? html`<span class="quiet breaks"> ${message}</span>` : null}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>
  ${
    report.orders.length < report.count
      ? html`<p class="quiet small">
          ${numberOf(report.orders.length)} of ${numberOf(report.count)}
          <button class="linkish" @click=${more}>Show more</button>
        </p>`
      : null
  }
`;

const stoppedBy = ({ control, count, done }: BulkReport): string =>
  `Stopped${control ? ` by ${control.actor}` : ''}: ${countOf(count - done, 'order')} left alone.`;

const positionText = ({ state, holdReason }: OrderPosition): string =>
  holdReason ? `${wordsOf(state)}: ${wordsOf(holdReason)}` : wordsOf(state);
