import { html, type PropertyValues, type TemplateResult } from 'lit';
import type { ApiProblem } from '../../server/api/api.ts';
import type { OrderActionBodies, OrderDetails } from '../../server/api/orders.ts';
import type { CommandName } from '../../../contracts/command-routes.ts';
import { skippable } from '../../../contracts/mediators/holds.ts';
import { formatMoney } from '../../../contracts/money.ts';
import type { ActionTaken, OrderActionName } from '../../../contracts/mediators/order-actions.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { wordsOf } from '../parts/words.ts';
import { actOnce } from '../shell/act.ts';
import { errorMessage, RequestError } from '../shell/request.ts';
import { amendFields, amendmentIn } from './amend-fields.ts';
import { onSubmit, textIn } from '../parts/forms.ts';

/** Actions without a form. */
const formless: readonly OrderActionName[] = ['approve', 'retry'];

/** `<desk-order-actions>`: the actions that fit an order now, with their forms. Event: `acted`. */
export class DeskOrderActions extends DeskElement {
  static override readonly properties = { details: {} };
  declare details: OrderDetails;

  #open: OrderActionName | null = null;
  #problems: readonly ApiProblem[] = [];
  #isBusy = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('details') && this.#open && !this.details.possible.includes(this.#open)) this.#open = null;
  }

  async #do<Name extends OrderActionName>(name: Name, body: OrderActionBodies[Name]): Promise<void> {
    this.#isBusy = true;
    this.#problems = [];
    this.requestUpdate();
    const path = `/api/orders/${encodeURIComponent(this.details.order.orderId)}/${name}`;
    try {
      const acted = await actOnce<ActionTaken>(path, body, ({ state }) => `Done: the order is ${wordsOf(state)} now.`);
      if (acted) this.#open = null;
    } catch (error) {
      this.#problems = error instanceof RequestError ? error.problems : [{ field: '', message: errorMessage(error) }];
    }
    this.#isBusy = false;
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent('acted'));
  }

  #choose(name: OrderActionName): void {
    this.#problems = [];
    if (name === 'retry') return void this.#do('retry', {});
    // Approves the shown amount: the mediator refuses when the order's amount has changed by then.
    const { total } = this.details.order;
    if (name === 'approve') return void this.#do('approve', total ? { total } : {});
    this.#open = this.#open === name ? null : name;
    this.requestUpdate();
  }

  #submit(form: FormData, name: OrderActionName): void {
    const text = (field: string) => textIn(form, field);
    if (name === 'pay') void this.#do('pay', { card: text('card') });
    else if (name === 'skip') void this.#do('skip', { command: text('command') as CommandName });
    else if (name === 'cancel') void this.#do('cancel', { reason: text('reason') || null });
    else void this.#do('amend', amendmentIn(form, this.details.order));
  }

  override render() {
    const { possible } = this.details;
    if (possible.length === 0) return html`<p class="quiet">Nothing can be done for it any more: it has ended.</p>`;
    return html`<section class="card" aria-labelledby="actions-title">
      <h2 id="actions-title">What can be done</h2>
      <div class="actions">${possible.map((name) => this.#button(name))}</div>
      ${this.#open ? this.#form(this.#open) : this.#problemList()}
    </section>`;
  }

  #button(name: OrderActionName): TemplateResult {
    const isForm = !formless.includes(name);
    const { total } = this.details.order;
    return html`<button
      class=${name === 'cancel' ? 'grave' : name === 'approve' ? 'primary' : ''}
      aria-expanded=${isForm ? String(this.#open === name) : 'false'}
      ?disabled=${this.#isBusy}
      @click=${() => this.#choose(name)}
    >
      ${words[name]}${isForm ? ' …' : ''}${name === 'approve' && total ? ` ${formatMoney(total)}` : ''}
    </button>`;
  }

  #form(name: OrderActionName): TemplateResult {
    return html`<form class="stack" @submit=${onSubmit((form) => this.#submit(form, name))}>
      ${this.#fields(name)} ${this.#problemList()}
      <div class="actions">
        <button class=${name === 'cancel' ? 'grave' : 'primary'} ?disabled=${this.#isBusy}>${words[name]}</button>
      </div>
    </form>`;
  }

  #problemList(): TemplateResult | null {
    if (this.#problems.length === 0) return null;
    return html`<ul class="notice" data-tone="bad" role="alert">
      ${this.#problems.map(({ field, message }) => html`<li><span class="mono">${field}</span> ${message}</li>`)}
    </ul>`;
  }

  #fields(name: OrderActionName): TemplateResult {
    const { holds } = this.details.order;
    if (name === 'pay')
      return html`<label class="field"
        >Token of the other card <input name="card" required autocomplete="off" maxlength="100"
      /></label>`;
    if (name === 'cancel')
      return html`<label class="field"
        >Why, for the customer <input name="reason" maxlength="200" autocomplete="off"
      /></label>`;
    if (name === 'amend') return amendFields(this.details.order);
    const held = holds.map(({ command }) => command).filter((command) => skippable.includes(command));
    return html`<label class="field"
      >What to leave out
      <select name="command">
        ${(held.length > 0 ? held : skippable).map((command) => html`<option value=${command}>${wordsOf(command)}</option>`)}
      </select></label
    >`;
  }
}

const words: { readonly [Name in OrderActionName]: string } = {
  approve: 'Approve',
  pay: 'Pay with another card',
  amend: 'Amend',
  retry: 'Retry',
  skip: 'Leave out',
  cancel: 'Cancel the order',
};
