import { html, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { OrderPage } from '../../server/api/orders.ts';
import type { ReturnList } from '../../server/api/people.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { countOf, emptyState, numberOf, troubleNotice, wordsOf } from '../parts/words.ts';
import { actOnce } from '../shell/act.ts';
import { moveFocus } from '../shell/keys.ts';
import { onLive } from '../shell/live.ts';
import { errorMessage, read } from '../shell/request.ts';
import { showToast } from '../shell/toasts.ts';
import { approvalCard, returnCard } from './decision-cards.ts';

/** `<desk-people>`: the approvals and returns that wait for a person. */
export class DeskPeople extends DeskElement {
  readonly #list = createRef<HTMLElement>();
  #approvals: Pick<OrderPage, 'orders' | 'total'> | null = null;
  #returns: ReturnList | null = null;
  #isAll = false;

  override connectedCallback(): void {
    super.connectedCallback();
    for (const name of ['hello', 'returns', 'orders'] as const) this.whileShown(onLive(name, () => void this.#read()));
    void this.#read();
  }

  #read(): Promise<void> {
    const ask = () =>
      Promise.all([
        read<OrderPage>('/api/orders?holdReason=approval&sort=waiting&limit=100'),
        read<ReturnList>(`/api/returns${this.#isAll ? '' : '?waiting=true'}`),
      ]);
    return this.latest(
      () => this.#isAll,
      ask,
      (found) => ([this.#approvals, this.#returns] = found),
    );
  }

  async #decide(path: string, body: object, done: (answer: { state: string }) => string): Promise<void> {
    try {
      await actOnce(path, body, done);
      await this.#read();
    } catch (error) {
      showToast(errorMessage(error), 'trouble');
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
      ${troubleNotice(this.trouble)} ${this.#approvals && this.#approvalList(this.#approvals)}
      ${this.#returns && this.#returnList(this.#returns)}
    </div>`;
  }

  #approvalList({ orders, total }: Pick<OrderPage, 'orders' | 'total'>): TemplateResult {
    return html`<section class="group" aria-labelledby="approvals-title">
      <h2 id="approvals-title">Orders to approve <span class="quiet">${numberOf(total.count)}</span></h2>
      ${
        orders.length === 0
          ? emptyState(
              'No order waits for approval',
              'An order that comes to more than the policy lets pass shows up here.',
            )
          : repeat(
              orders,
              ({ orderId }) => orderId,
              ({ orderId, ...order }) =>
                approvalCard({ orderId, ...order }, (name, body) => {
                  void this.#decide(`/api/orders/${encodeURIComponent(orderId)}/${name}`, body, doneOrder);
                }),
            )
      }
      ${
        total.count > orders.length
          ? html`<p class="quiet">These ${orders.length} wait longest; the others come when they are decided.</p>`
          : null
      }
    </section>`;
  }

  #returnList({ returns, waiting }: ReturnList): TemplateResult {
    const count = this.#isAll ? returns.length : waiting;
    return html`<section class="group" aria-labelledby="returns-title">
      <div class="page-head">
        <h2 id="returns-title">Returns <span class="quiet">${countOf(count, 'return')}</span></h2>
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
              (row) =>
                returnCard(row, (name, body) => {
                  void this.#decide(`/api/returns/${encodeURIComponent(row.requestId)}/${name}`, body, doneReturn);
                }),
            )
      }
      ${
        count > returns.length
          ? html`<p class="quiet">These ${returns.length} wait longest; the others come when they are decided.</p>`
          : null
      }
    </section>`;
  }
}

const doneReturn = ({ state }: { readonly state: string }): string => `Done: the return is ${wordsOf(state)} now.`;

const doneOrder = ({ state }: { readonly state: string }): string => `Done: the order is ${wordsOf(state)} now.`;
