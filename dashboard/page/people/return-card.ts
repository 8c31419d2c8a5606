import { html, type TemplateResult } from 'lit';
import type { ReturnActionBodies, ReturnDone, ReturnLine, ReturnRow } from '../../server/api/people.ts';
import { formatMoney } from '../../../contracts/money.ts';
import { timelineList, type TimelineLine } from '../parts/timeline.ts';
import { stateBadge } from '../parts/words.ts';
import { addressOf } from '../shell/router.ts';
import { workflowLink } from '../shell/session.ts';
import { declining } from './declining.ts';
import { inspectionForm } from './inspection-form.ts';

type Doing = <Name extends keyof ReturnActionBodies>(name: Name, body: ReturnActionBodies[Name]) => void;

/** One return: what is to go back, why, what happened, and what can be decided now. */
export const returnCard = (row: ReturnRow, act: Doing): TemplateResult => html`
  <article class="card decision" data-row=${row.requestId} tabindex="-1" aria-label="Return ${row.requestId}">
    <div class="page-head">
      <strong class="mono breaks">${row.requestId}</strong>${stateBadge(row.state)}
      <span class="quiet">for <desk-age at=${row.since}></desk-age>${deadlineOf(row)}</span>
      ${row.amount ? html`<strong>${formatMoney(row.amount)}</strong>` : null}
    </div>
    ${
      row.trouble
        ? html`<p class="notice breaks" data-tone="bad">It does not go on, and is tried again: ${row.trouble}</p>`
        : null
    }
    <p class="breaks">
      ${row.customerId} sends back of <a class="mono" href=${addressOf('orders', row.orderId)}>${row.orderId}</a>:
      ${row.lines.map((line, at) => html`${at > 0 ? ', ' : ''}${lineOf(line)}`)}
    </p>
    <blockquote class="breaks">${row.reason}</blockquote>
    ${formOf(row, act)} ${row.actions.length > 0 ? timelineList(row.actions.map(stepOf)) : null}
    ${workflowLine(row.workflowId)}
  </article>
`;

/** What happens by itself then. */
const deadlineOf = ({ state, deadline }: ReturnRow): TemplateResult | null =>
  deadline === null
    ? null
    : html`, ${state === 'awaiting-approval' ? 'declined by itself' : 'lapses'}
        <desk-age until=${deadline}></desk-age>`;

const lineOf = ({ isbn, quantity, title, price }: ReturnLine): TemplateResult =>
  html`${quantity} × ${title ? html`${title} ` : null}<span class="mono">${isbn}</span
    >${price ? ` at ${formatMoney(price)}` : ''}`;

const stepOf = ({ action, actor, reason, at }: ReturnDone): TimelineLine => ({
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

function formOf(row: ReturnRow, act: Doing): TemplateResult | null {
  if (row.state === 'awaiting-approval') return approvalForm(act);
  if (row.state === 'awaiting-inspection') return inspectionForm(row, (body) => act('inspect', body));
  if (row.state !== 'awaiting-parcel') return null;
  return html`<div class="actions">
    <button class="primary" @click=${() => act('parcel-received', {})}>The parcel has arrived</button>
  </div>`;
}

const approvalForm = (act: Doing): TemplateResult =>
  html`<div class="actions top">
    <button class="primary" @click=${() => act('approve', {})}>Approve</button>
    ${declining('Decline', '', (reason) => act('decline', { reason }))}
  </div>`;

const workflowLine = (workflowId: string): TemplateResult | null => {
  const link = workflowLink(workflowId);
  return link ? html`<a class="small" href=${link} target="_blank" rel="noreferrer">Its workflow</a>` : null;
};
