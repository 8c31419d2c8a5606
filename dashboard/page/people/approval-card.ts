import { html, type TemplateResult } from 'lit';
import type { OrderActionBodies, OrderRow } from '../../server/api/orders.ts';
import { formatMoney } from '../../../contracts/money.ts';
import { addressOf } from '../shell/router.ts';
import { declining } from './declining.ts';

/** What is done to an order that waits for approval. */
export type Deciding = <Name extends 'approve' | 'cancel'>(name: Name, body: OrderActionBodies[Name]) => void;

/** An order that comes to more than passes by itself. What is approved is the amount that stands here. */
export const approvalCard = (
  { orderId, customerId, total, heldSince, receivedAt }: OrderRow,
  decide: Deciding,
): TemplateResult => html`
  <article class="card decision" data-row=${orderId} tabindex="-1" aria-label="Order ${orderId}">
    <div class="page-head">
      <a class="mono" href=${addressOf('orders', orderId)}>${orderId}</a>
      <span>${customerId}</span>${total ? html`<strong>${formatMoney(total)}</strong>` : null}
      <span class="quiet">waits for <desk-age at=${heldSince ?? receivedAt}></desk-age></span>
    </div>
    <div class="actions top">
      <button class="primary" @click=${() => decide('approve', total ? { total } : {})}>
        Approve${total ? ` ${formatMoney(total)}` : ''}
      </button>
      ${declining('Decline and cancel', 'It was not approved.', (reason) => decide('cancel', { reason }))}
    </div>
  </article>
`;
