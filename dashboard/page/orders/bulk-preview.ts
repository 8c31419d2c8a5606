import { html, type TemplateResult } from 'lit';
import type { BulkPreview } from '../../server/api/orders.ts';
import { formatMoney } from '../../../contracts/money.ts';
import { countOf, numberOf, wordsOf } from '../parts/words.ts';

/** The number of orders that a bulk action would change, and their amounts. */
export const bulkPreview = (preview: BulkPreview): TemplateResult => html`
  <p class="big-count" role="status">${countOf(preview.count, 'order')}</p>
  <p class="quiet">
    ${[
      ...Object.entries({ ...preview.byState, ...preview.byHoldReason }).map(
        ([name, count]) => `${numberOf(count)} ${wordsOf(name)}`,
      ),
      ...preview.amounts.map((amount) => `${formatMoney(amount)} in all`),
    ].join(' · ')}
  </p>
  ${
    preview.isCut
      ? html`<p class="notice" data-tone="warn">
          The filter finds more: this is done to the first ${numberOf(preview.count)}.
        </p>`
      : null
  }
  ${
    preview.missing > 0
      ? html`<p class="notice" data-tone="warn">
          ${countOf(preview.missing, 'order')} of those selected cannot be found.
        </p>`
      : null
  }
  ${
    preview.action === 'approve'
      ? html`<p>Each is approved at what it comes to now; one that comes to something else by then is refused.</p>`
      : null
  }
  <p class="quiet">
    At most ${preview.perSecond} a second. Each order's mediator decides for itself; what does not fit its state is
    refused and changes nothing.
  </p>
`;
