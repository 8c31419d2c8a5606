import { html, type TemplateResult } from 'lit';
import type { ReturnActionBodies, ReturnRow } from '../../api/people.ts';
import { formatMoney } from '../../../contracts/money.ts';
import { stateBadge } from '../parts/words.ts';
import { addressOf } from '../shell/router.ts';
import { workflowLink } from '../shell/session.ts';
import { textIn } from '../parts/form-text.ts';

type Doing = <Name extends keyof ReturnActionBodies>(name: Name, body: ReturnActionBodies[Name]) => Promise<void>;

/** One return: what is to go back, why, and what can be decided now. */
export const returnCard = (row: ReturnRow, act: Doing): TemplateResult => html`
  <article class="card decision" data-row=${row.requestId} tabindex="-1" aria-label="Return ${row.requestId}">
    <div class="page-head">
      <strong class="mono breaks">${row.requestId}</strong>${stateBadge(row.state)}
      <span class="quiet"
        >for <desk-age at=${row.since}></desk-age>${
          row.deadline ? html`, lapses <desk-age until=${row.deadline}></desk-age>` : null
        }</span
      >
      ${row.amount ? html`<strong>${formatMoney(row.amount)}</strong>` : null}
    </div>
    <p class="breaks">
      ${row.customerId} sends back of <a class="mono" href=${addressOf('orders', row.orderId)}>${row.orderId}</a>:
      ${row.lines.map(({ isbn, quantity }, at) => html`${at > 0 ? ', ' : ''}${quantity} × <span class="mono">${isbn}</span>`)}
    </p>
    <blockquote class="breaks">${row.reason}</blockquote>
    ${formOf(row, act)} ${workflowLine(row.workflowId)}
  </article>
`;

function formOf(row: ReturnRow, act: Doing): TemplateResult | null {
  if (row.state === 'awaiting-approval') return approvalForm(act);
  if (row.state === 'awaiting-inspection') return inspectionForm(row, act);
  if (row.state !== 'awaiting-parcel') return null;
  return html`<div class="actions">
    <button class="primary" @click=${() => act('parcel-received', {})}>The parcel has arrived</button>
  </div>`;
}

const approvalForm = (act: Doing): TemplateResult => {
  const decline = (event: SubmitEvent): void => {
    event.preventDefault();
    const reason = textIn(new FormData(event.target as HTMLFormElement), 'reason');
    void act('decline', { reason });
  };
  return html`<div class="actions top">
    <button class="primary" @click=${() => act('approve', {})}>Approve</button>
    <details>
      <summary class="button">Decline …</summary>
      <form class="stack" @submit=${decline}>
        <label class="field"
          >Why, for the customer <input name="reason" required maxlength="200" autocomplete="off"
        /></label>
        <div class="actions"><button class="grave">Decline</button></div>
      </form>
    </details>
  </div>`;
};

const inspectionForm = ({ lines }: ReturnRow, act: Doing): TemplateResult => {
  const inspect = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const of = (name: string, isbn: string) => Number(form.get(`${name}:${isbn}`));
    const inspected = lines.map(({ isbn }) => ({
      isbn,
      accepted: of('accepted', isbn),
      sellable: of('sellable', isbn),
    }));
    void act('inspect', { lines: inspected });
  };
  return html`<form class="stack" @submit=${inspect}>
    ${lines.map(
      ({ isbn, quantity }) =>
        html`<fieldset class="inspected">
          <legend class="mono">${isbn}</legend>
          ${countField('accepted', 'Refunded', isbn, quantity)}
          ${countField('sellable', 'Can be sold again', isbn, quantity)}
        </fieldset>`,
    )}
    <div class="actions"><button class="primary">Write down the inspection</button></div>
  </form>`;
};

const countField = (name: string, label: string, isbn: string, most: number): TemplateResult =>
  html`<label class="field"
    >${label}, of ${most}
    <input type="number" name="${name}:${isbn}" min="0" max=${most} step="1" value=${most} required />
  </label>`;

const workflowLine = (workflowId: string): TemplateResult | null => {
  const link = workflowLink(workflowId);
  return link ? html`<a class="small" href=${link} target="_blank" rel="noreferrer">Its workflow</a>` : null;
};
