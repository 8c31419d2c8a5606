import { html, type TemplateResult } from 'lit';
import type { OrderActionBodies, OrderShown } from '../../server/api/orders.ts';
import { textIn } from '../parts/forms.ts';
import type { Address } from '../../../contracts/address.ts';

const addressFields = ['name', 'street', 'postcode', 'city', 'country'] as const satisfies readonly (keyof Address)[];

/** Fields for the order's lines and address. A quantity of 0 leaves the title out. */
export const amendFields = ({ lines, shipTo }: OrderShown): TemplateResult => html`
  <fieldset>
    <legend>Titles (0 leaves one out)</legend>
    ${lines.map(
      ({ isbn, quantity, title }) =>
        html`<label class="amend-line"
          ><input type="number" name="line:${isbn}" min="0" max="10000" step="1" .value=${String(quantity)} required />
          <span class="breaks">${title} <span class="quiet mono">${isbn}</span></span></label
        >`,
    )}
    <div class="amend-line">
      <input type="number" name="other:quantity" aria-label="How many of another title" min="1" max="10000" step="1" />
      <label class="breaks"
        >Another title, by its ISBN <input name="other:isbn" maxlength="40" autocomplete="off"
      /></label>
    </div>
  </fieldset>
  ${
    shipTo
      ? html`<fieldset>
          <legend>Where to</legend>
          <div class="fields">
            ${addressFields.map(
              (field) =>
                html`<label class="field"
                  >${field}
                  <input
                    name="to:${field}"
                    ?required=${field !== 'postcode'}
                    maxlength="200"
                    .value=${shipTo[field] ?? ''}
                    autocomplete="off"
                /></label>`,
            )}
          </div>
        </fieldset>`
      : null
  }
`;

/** The amendment in a form, without the parts that stay as they are. */
export function amendmentIn(form: FormData, { lines, shipTo }: OrderShown): OrderActionBodies['amend'] {
  const shown = lines.map(({ isbn }) => ({ isbn, quantity: Number(form.get(`line:${isbn}`)) }));
  // The server reads the other title as people write it, and says what is wrong with it.
  const [isbn, quantity] = [textIn(form, 'other:isbn'), textIn(form, 'other:quantity')];
  const other = isbn === '' && quantity === '' ? [] : [{ isbn, quantity: Number(quantity) }];
  const address = addressIn(form);
  const isMoved = shipTo !== null && addressFields.some((field) => address[field] !== shipTo[field]);
  const isOther = other.length > 0 || shown.some((line, index) => line.quantity !== lines[index]?.quantity);
  return {
    ...(isOther || !isMoved ? { lines: [...shown.filter((line) => line.quantity > 0), ...other] } : {}),
    ...(isMoved ? { shipTo: address } : {}),
  };
}

function addressIn(form: FormData): Address {
  const postcode = textIn(form, 'to:postcode');
  return {
    name: textIn(form, 'to:name'),
    street: textIn(form, 'to:street'),
    ...(postcode === '' ? {} : { postcode }),
    city: textIn(form, 'to:city'),
    country: textIn(form, 'to:country') as Address['country'], // the server checks it
  };
}
