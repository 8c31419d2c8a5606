import { html, type TemplateResult } from 'lit';
import { orderSorts, type OrderSort } from '../../../contracts/views.ts';
import type { OrderQuery } from '../../server/api/orders.ts';
import { holdReasons } from '../../../contracts/mediators/holds.ts';
import { orderStates } from '../../../contracts/mediators/order-mediator.ts';
import { emptyState, wordsOf } from '../parts/words.ts';
import { textIn } from '../parts/forms.ts';

const sortWords: { readonly [Name in OrderSort]: string } = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  customer: 'By customer',
  waiting: 'Longest waiting',
};

/** The fields above the table. Calls `change` with the whole query whenever one of them changes. */
export function orderFilter(query: OrderQuery, change: (query: OrderQuery) => void): TemplateResult {
  const changed = (event: Event): void => {
    const form = (event.currentTarget as HTMLFormElement) ?? (event.target as HTMLInputElement).form;
    change(queryIn(new FormData(form)));
  };
  return html`<form
    class="filter"
    role="search"
    aria-label="Orders"
    @change=${changed}
    @input=${changed}
    @submit=${(event: Event) => event.preventDefault()}
  >
    <input
      type="search"
      name="q"
      placeholder="Order, request or customer  ( / )"
      aria-label="Search: order id, request id or customer"
      .value=${query.q ?? ''}
    />
    ${selection('state', 'State', 'Every state', orderStates, query.state)}
    ${selection('holdReason', 'Held for', 'Any hold', holdReasons, query.holdReason)}
    <select name="sort" aria-label="Sort">
      ${orderSorts.map((sort) => html`<option value=${sort} .selected=${sort === (query.sort ?? 'newest')}>${sortWords[sort]}</option>`)}
    </select>
  </form>`;
}

/** The message of a table without rows. */
export const nothingFits = (): TemplateResult =>
  emptyState('No order fits', 'Search for the beginning of an order id or a whole customer id, or take a filter back.');

const selection = (
  name: string,
  label: string,
  none: string,
  values: readonly string[],
  chosen: string | undefined,
): TemplateResult =>
  html`<select name=${name} aria-label=${label}>
    <option value="" .selected=${!chosen}>${none}</option>
    ${values.map((value) => html`<option value=${value} .selected=${value === chosen}>${wordsOf(value)}</option>`)}
  </select>`;

const queryIn = (form: FormData): OrderQuery =>
  Object.fromEntries([...form.keys()].map((name) => [name, textIn(form, name)]).filter(([, value]) => value));
