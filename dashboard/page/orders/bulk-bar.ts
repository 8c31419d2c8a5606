import { html, type TemplateResult } from 'lit';
import { bulkActions, mostInBulk, type BulkActionName } from '../../../contracts/mediators/bulk.ts';
import type { OrderFilter } from '../../../contracts/views.ts';
import { capital, numberOf, wordsOf } from '../parts/words.ts';

/** The bar on a selection or a filter, and its actions. */
export interface BulkBar {
  readonly selected: number;
  readonly filter: OrderFilter;
  /** The number of orders in the table. */
  readonly found: number;
  readonly act: (action: BulkActionName) => void;
  readonly clear: () => void;
  readonly showBegun: () => void;
}

/** The actions on many orders: on the selected ones, or on all that a filter finds. */
export const bulkBar = (bar: BulkBar): TemplateResult =>
  html`<div class="bulk-bar" role="toolbar" aria-label="Act on many orders" tabindex=${canAct(bar) ? -1 : 0}>
    <span class="bulk-count" aria-live="polite">${whichText(bar)}</span>
    ${bulkActions.map(
      (action) =>
        html`<button
          class=${action === 'cancel' ? 'grave' : ''}
          ?disabled=${!canAct(bar)}
          @click=${() => bar.act(action)}
        >
          ${capital(wordsOf(action))} …
        </button>`,
    )}
    <button class="plain" ?disabled=${bar.selected === 0} @click=${bar.clear}>Clear</button>
    <button class="plain" @click=${bar.showBegun}>Bulk actions</button>
  </div>`;

/** When it cannot, Tab stops at the bar itself: on a phone it scrolls. */
const canAct = (bar: BulkBar): boolean => bar.found > 0 && isBounded(bar);

/** False for every order there is, which is hardly ever meant. */
const isBounded = ({ selected, filter }: BulkBar): boolean =>
  selected > 0 ? selected <= mostInBulk : Object.keys(filter).length > 0;

function whichText(bar: BulkBar): string {
  const { selected } = bar;
  if (selected > mostInBulk) return `${numberOf(selected)} selected: at most ${numberOf(mostInBulk)} at once`;
  if (selected > 0) return `${numberOf(selected)} selected`;
  return isBounded(bar) ? 'None selected: all that the filter finds' : 'Select orders, or filter them';
}

/** The part of a query that chooses orders. */
export const filterIn = ({ state, holdReason, q }: OrderFilter): OrderFilter => ({
  ...(state && { state }),
  ...(holdReason && { holdReason }),
  ...(q && { q }),
});
