import { html, type TemplateResult } from 'lit';
import { formatMoney } from '../../../contracts/money.ts';
import { stateBadge, wordsOf } from '../parts/words.ts';
import type { ListedOrder } from './order-pages.ts';

/** The place and the marks of a row in the table. */
export interface RowState {
  readonly index: number;
  readonly top: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
}

/** The columns, in their order. */
export const orderColumns = ['', 'Order', 'State', 'Step', 'Held for', 'Age', 'Customer', 'Total'] as const;

/** One order of the table. A click opens it; the box selects it. */
export const orderRow = (order: ListedOrder, state: RowState): TemplateResult => html`
  <div
    role="row"
    class="order-row"
    id="order-row-${state.index}"
    aria-rowindex=${state.index + 2}
    aria-selected=${state.isSelected}
    data-index=${state.index}
    data-active=${state.isActive}
    data-open=${state.isOpen}
    data-left=${order.hasLeft}
    .style=${`transform: translateY(${state.top}px)`}
  >
    <span role="gridcell" class="cell-box"
      ><input type="checkbox" tabindex="-1" data-box aria-label="Select ${order.orderId}" .checked=${state.isSelected}
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
