import { html, type TemplateResult } from 'lit';
import { formatMoney } from '../../../contracts/money.ts';
import { stateBadge, wordsOf } from '../parts/words.ts';
import type { ListedOrder } from './order-pages.ts';

/** How a row stands in the table just now. */
export interface RowStanding {
  readonly index: number;
  readonly top: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
}

/** The columns, in their order. */
export const columns = ['', 'Order', 'State', 'Step', 'Held for', 'Age', 'Customer', 'Total'] as const;

/** One order of the table. A click opens it; the box selects it. */
export const orderRow = (order: ListedOrder, standing: RowStanding): TemplateResult => html`
  <div
    role="row"
    class="order-row"
    id="order-row-${standing.index}"
    aria-rowindex=${standing.index + 2}
    aria-selected=${standing.isSelected}
    data-index=${standing.index}
    data-active=${standing.isActive}
    data-open=${standing.isOpen}
    data-left=${order.hasLeft}
    .style=${`transform: translateY(${standing.top}px)`}
  >
    <span role="gridcell" class="cell-box"
      ><input
        type="checkbox"
        tabindex="-1"
        data-box
        aria-label="Select ${order.orderId}"
        .checked=${standing.isSelected}
    /></span>
    <span role="gridcell" class="cell-id mono">${order.orderId}</span>
    <span role="gridcell" class="cell-state"
      >${stateBadge(order.state)}${order.hasLeft ? html`<span class="quiet small"> no longer here</span>` : null}</span
    >
    <span role="gridcell" class="cell-step">${stepText(order)}</span>
    <span role="gridcell" class="cell-hold">${order.holdReason ? wordsOf(order.holdReason) : ''}</span>
    <span role="gridcell" class="cell-age number"><desk-age at=${order.heldSince ?? order.receivedAt}></desk-age></span>
    <span role="gridcell" class="cell-customer">${order.customerId}</span>
    <span role="gridcell" class="cell-total number">${order.total ? formatMoney(order.total) : ''}</span>
  </div>
`;

const stepText = ({ step }: ListedOrder): TemplateResult =>
  html`<span class="steps" aria-hidden="true"
      >${[1, 2, 3, 4, 5].map((at) => html`<i data-done=${at <= step}></i>`)}</span
    ><span class="step-number">${step}/5</span>`;
