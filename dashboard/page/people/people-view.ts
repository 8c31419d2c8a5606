import { html, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { OrderActed, OrderPage, OrderRow } from '../../api/orders.ts';
import type { ReturnActed, ReturnActionBodies, ReturnList, ReturnRow } from '../../api/people.ts';
import { formatMoney } from '../../../contracts/money.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { countOf, emptyState, troubleNotice, wordsOf } from '../parts/words.ts';
import { act } from '../shell/act.ts';
import { moveFocus } from '../shell/keys.ts';
import { onLive } from '../shell/live.ts';
import { messageOf, read } from '../shell/request.ts';
import { addressOf } from '../shell/router.ts';
import { returnCard } from './return-card.ts';

/** `<desk-people>`: the approvals and returns that wait for a person. */
export class DeskPeople extends DeskElement {
  readonly #list = createRef<HTMLElement>();
  #approvals: readonly OrderRow[] | null = null;
  #returns: readonly ReturnRow[] | null = null;
  #isAll = false;
  #trouble: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    for (const name of ['hello', 'returns', 'orders'] as const) this.whileShown(onLive(name, () => void this.#read()));
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      const [orders, { returns }] = await Promise.all([
        read<OrderPage>('/api/orders?holdReason=approval&sort=waiting&limit=100'),
        read<ReturnList>(`/api/returns${this.#isAll ? '' : '?waiting=true'}`),
      ]);
      this.#approvals = orders.orders;
      this.#returns = returns;
      this.#trouble = null;
    } catch (error) {
      this.#trouble = messageOf(error);
    }
    this.requestUpdate();
  }

  async #doReturn<Name extends keyof ReturnActionBodies>(
    id: string,
    name: Name,
    body: ReturnActionBodies[Name],
  ): Promise<void> {
    await this.#doing(() => act(`/api/returns/${encodeURIComponent(id)}/${name}`, body, doneReturn));
  }

  async #doOrder(orderId: string, name: 'approve' | 'cancel'): Promise<void> {
    const body = { updateId: crypto.randomUUID(), ...(name === 'cancel' ? { reason: 'It was not approved.' } : {}) };
    await this.#doing(() => act(`/api/orders/${encodeURIComponent(orderId)}/${name}`, body, doneOrder));
  }

  async #doing(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      await this.#read();
    } catch (error) {
      this.#trouble = messageOf(error);
      this.requestUpdate();
    }
  }

  #choose(isAll: boolean): void {
    this.#isAll = isAll;
    void this.#read();
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLInputElement)) moveFocus(this.#list.value, event);
  };

  override render() {
    return html`<div class="page" ${ref(this.#list)} data-list tabindex="-1" @keydown=${this.#key}>
      <div class="page-head">
        <h1>People</h1>
        <span class="quiet">What waits for somebody to decide</span>
      </div>
      ${troubleNotice(this.#trouble)} ${this.#approvals && this.#approvalList(this.#approvals)}
      ${this.#returns && this.#returnList(this.#returns)}
    </div>`;
  }

  #approvalList(orders: readonly OrderRow[]): TemplateResult {
    return html`<section class="group" aria-labelledby="approvals-title">
      <h2 id="approvals-title">Orders to approve <span class="quiet">${orders.length}</span></h2>
      ${
        orders.length === 0
          ? emptyState(
              'No order waits for approval',
              'An order that comes to more than the policy lets pass shows up here.',
            )
          : repeat(
              orders,
              ({ orderId }) => orderId,
              (order) => this.#approval(order),
            )
      }
    </section>`;
  }

  #approval({ orderId, customerId, total, heldSince, receivedAt }: OrderRow): TemplateResult {
    return html`<article class="card decision" data-row=${orderId} tabindex="-1">
      <div class="page-head">
        <a class="mono" href=${addressOf('orders', orderId)}>${orderId}</a>
        <span>${customerId}</span>${total ? html`<strong>${formatMoney(total)}</strong>` : null}
        <span class="quiet">waits for <desk-age at=${heldSince ?? receivedAt}></desk-age></span>
      </div>
      <div class="actions">
        <button class="primary" @click=${() => this.#doOrder(orderId, 'approve')}>Approve</button>
        <button class="grave" @click=${() => this.#doOrder(orderId, 'cancel')}>Decline and cancel</button>
      </div>
    </article>`;
  }

  #returnList(returns: readonly ReturnRow[]): TemplateResult {
    return html`<section class="group" aria-labelledby="returns-title">
      <div class="page-head">
        <h2 id="returns-title">Returns <span class="quiet">${countOf(returns.length, 'return')}</span></h2>
        <div class="choice" role="group" aria-label="Which returns">
          <button aria-pressed=${!this.#isAll} @click=${() => this.#choose(false)}>Waiting</button
          ><button aria-pressed=${this.#isAll} @click=${() => this.#choose(true)}>All</button>
        </div>
      </div>
      ${
        returns.length === 0
          ? emptyState(
              'No return waits',
              'A return that is asked for, arrives or is to be inspected shows up here by itself.',
            )
          : repeat(
              returns,
              ({ requestId }) => requestId,
              (row) => returnCard(row, (name, body) => this.#doReturn(row.requestId, name, body)),
            )
      }
    </section>`;
  }
}

const doneReturn = ({ state }: ReturnActed): string => `Done: the return is ${wordsOf(state)} now.`;

const doneOrder = ({ state }: OrderActed): string => `Done: the order is ${wordsOf(state)} now.`;
