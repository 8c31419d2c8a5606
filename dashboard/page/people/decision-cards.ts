import { html, type TemplateResult } from 'lit';
import type { OrderRow } from '../../../contracts/views.ts';
import type { OrderActionBodies } from '../../server/api/orders.ts';
import { formatMoney } from '../../../contracts/money.ts';
import { addressOf } from '../shell/router.ts';
import { declineForm } from '../parts/forms.ts';
import type { ReturnActionBodies, ReturnDone, ReturnLine, ReturnRow } from '../../server/api/people.ts';
import { timelineList, type TimelineLine } from '../parts/timeline.ts';
import { stateBadge } from '../parts/words.ts';
import { workflowLink } from '../shell/session.ts';
import { inspectionForm } from './inspection-form.ts';

/** Does an action on an order that waits for approval. */
type ApprovalAction = <Name extends 'approve' | 'cancel'>(name: Name, body: OrderActionBodies[Name]) => void;

/** An order above the limit of the policy. Approving approves the shown amount. */
export const approvalCard = (
  { orderId, customerId, total, heldSince, receivedAt }: OrderRow,
  decide: ApprovalAction,
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
      ${declineForm('Decline and cancel', 'It was not approved.', (reason) => decide('cancel', { reason }))}
    </div>
  </article>
`;

/** Does an action on a return. */
type ReturnAction = <Name extends keyof ReturnActionBodies>(name: Name, body: ReturnActionBodies[Name]) => void;

/** A return: its titles, its reason, its history, and the decision that it waits for. */
export const returnCard = (row: ReturnRow, act: ReturnAction): TemplateResult => html`
  <article class="card decision" data-row=${row.requestId} tabindex="-1" aria-label="Return ${row.requestId}">
    <div class="page-head">
      <strong class="mono breaks">${row.requestId}</strong>${stateBadge(row.state)}
      <span class="quiet">for <desk-age at=${row.since}></desk-age>${deadlineText(row)}</span>
      ${row.amount ? html`<strong>${formatMoney(row.amount)}</strong>` : null}
    </div>
    ${
      row.trouble
        ? html`<p class="notice breaks" data-tone="bad">It does not go on, and is tried again: ${row.trouble}</p>`
        : null
    }
    <p class="breaks">
      ${row.customerId} sends back of <a class="mono" href=${addressOf('orders', row.orderId)}>${row.orderId}</a>:
      ${row.lines.map((line, at) => html`${at > 0 ? ', ' : ''}${lineText(line)}`)}
    </p>
    <blockquote class="breaks">${row.reason}</blockquote>
    ${decisionForm(row, act)} ${row.actions.length > 0 ? timelineList(row.actions.map(actionLine)) : null}
    ${workflowLine(row.workflowId)}
  </article>
`;

/** The deadline, and what happens then. */
const deadlineText = ({ state, deadline }: ReturnRow): TemplateResult | null =>
  deadline === null
    ? null
    : html`, ${state === 'awaiting-approval' ? 'declined by itself' : 'lapses'}
        <desk-age until=${deadline}></desk-age>`;

const lineText = ({ isbn, quantity, title, price }: ReturnLine): TemplateResult =>
  html`${quantity} × ${title ? html`${title} ` : null}<span class="mono">${isbn}</span
    >${price ? ` at ${formatMoney(price)}` : ''}`;

const actionLine = ({ action, actor, reason, at }: ReturnDone): TimelineLine => ({
  tone: action === 'decline' ? 'bad' : 'calm',
  at,
  title: doneWords[action],
  by: actor,
  detail: reason,
});

const doneWords: { readonly [Name in ReturnDone['action']]: string } = {
  approve: 'approved',
  decline: 'declined',
  'parcel-received': 'parcel received',
  inspect: 'inspected',
};

function decisionForm(row: ReturnRow, act: ReturnAction): TemplateResult | null {
  if (row.state === 'awaiting-approval') return approvalForm(act);
  if (row.state === 'awaiting-inspection') return inspectionForm(row, (body) => act('inspect', body));
  if (row.state !== 'awaiting-parcel') return null;
  return html`<div class="actions">
    <button class="primary" @click=${() => act('parcel-received', {})}>The parcel has arrived</button>
  </div>`;
}

const approvalForm = (act: ReturnAction): TemplateResult =>
  html`<div class="actions top">
    <button class="primary" @click=${() => act('approve', {})}>Approve</button>
    ${declineForm('Decline', '', (reason) => act('decline', { reason }))}
  </div>`;

const workflowLine = (workflowId: string): TemplateResult | null => {
  const link = workflowLink(workflowId);
  return link ? html`<a class="small" href=${link} target="_blank" rel="noreferrer">Its workflow</a>` : null;
};
