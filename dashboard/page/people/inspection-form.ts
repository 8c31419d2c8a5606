import { html, type TemplateResult } from 'lit';
import type { ReturnActionBodies, ReturnLine, ReturnRow } from '../../server/api/people.ts';
import { formatMoney } from '../../../contracts/money.ts';
import { onSubmit } from '../parts/forms.ts';

/** Asks how many copies of each title are refunded, and how many of those can be sold again. */
export const inspectionForm = (
  { lines }: Pick<ReturnRow, 'lines'>,
  inspect: (body: ReturnActionBodies['inspect']) => void,
): TemplateResult =>
  html`<form class="stack" @submit=${onSubmit((form) => inspect(inspectionIn(form, lines)))}>
    ${lines.map(lineFields)}
    <div class="actions"><button class="primary">Write down the inspection</button></div>
  </form>`;

const inspectionIn = (form: FormData, lines: readonly ReturnLine[]): ReturnActionBodies['inspect'] => ({
  lines: lines.map(({ isbn }) => ({
    isbn,
    accepted: Number(form.get(`accepted:${isbn}`)),
    sellable: Number(form.get(`sellable:${isbn}`)),
  })),
});

const lineFields = ({ isbn, quantity, title, price }: ReturnLine): TemplateResult => html`
  <fieldset class="inspected" @input=${capSellable}>
    <legend class="breaks">
      ${title ?? ''} <span class="mono">${isbn}</span>${price ? `, ${formatMoney(price)} each` : ''}
    </legend>
    ${countField('accepted', 'Refunded', isbn, quantity)} ${countField('sellable', 'Can be sold again', isbn, quantity)}
  </fieldset>
`;

const countField = (name: string, label: string, isbn: string, most: number): TemplateResult =>
  html`<label class="field"
    >${label}, of ${most}
    <input
      type="number"
      name="${name}:${isbn}"
      data-count=${name}
      min="0"
      max=${most}
      step="1"
      value=${most}
      required
    />
  </label>`;

/** Keeps the sellable copies within the accepted ones. */
function capSellable({ currentTarget }: Event): void {
  const field = (name: string) =>
    (currentTarget as HTMLElement).querySelector<HTMLInputElement>(`[data-count="${name}"]`);
  const [accepted, sellable] = [field('accepted'), field('sellable')];
  if (!accepted || !sellable || !accepted.checkValidity()) return;
  sellable.max = accepted.value;
  if (Number(sellable.value) > Number(accepted.value)) sellable.value = accepted.value;
}
