import { html, type TemplateResult } from 'lit';
import { controlsPossible, type BulkControlName, type BulkProgress } from '../../../contracts/mediators/bulk.ts';
import type { BulkListed } from '../../server/api/orders.ts';
import { capital, countOf, emptyState, stateBadge } from '../parts/words.ts';

/** The progress of a bulk action, with the controls that fit now. */
export const bulkProgress = (progress: BulkProgress, control: (name: BulkControlName) => void): TemplateResult => html`
  <p role="status">
    ${progress.done} of ${progress.count}: ${progress.taken} taken, ${progress.refused} refused, ${progress.unknown}
    without an answer
  </p>
  <progress max=${progress.count} value=${progress.done} aria-label="Progress"></progress>
  <p class="quiet small">
    ${stateBadge(progress.state)} ${progress.name}, by ${progress.actor}${lastControl(progress)}. It goes on without
    this page; “Bulk actions” shows it.
  </p>
  <div class="actions">
    ${controlsPossible(progress.state).map(
      (name) => html`<button type="button" @click=${() => control(name)}>${capital(name)}</button>`,
    )}
  </div>
`;

const lastControl = ({ control }: BulkProgress): string =>
  control && control.name !== 'resume' ? ` (${control.name} by ${control.actor})` : '';

/** The bulk actions that run, and the last ones that have ended. */
export const bulkList = (listed: readonly BulkListed[], open: (id: string) => void): TemplateResult =>
  listed.length === 0
    ? emptyState('No bulk action', 'Select orders, or filter them, and choose what is done to all of them.')
    : html`<ul class="bulk-list">
        ${listed.map(
          ({ id, name, actor, action, count, state, startedAt }) =>
            html`<li>
              <button class="linkish" @click=${() => open(id)}>${name}</button> ${stateBadge(state)}
              <span class="quiet small">
                ${action} ${countOf(count, 'order')}, by ${actor}, ${startedAt.slice(0, 16).replace('T', ' ')} UTC
              </span>
            </li>`,
        )}
      </ul>`;
