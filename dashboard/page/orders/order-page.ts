import { addressLine } from '../../../contracts/address.ts';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import type { OrderDetails, OrderShown, TimelineRow } from '../../server/api/orders.ts';
import { formatMoney } from '../../../contracts/money.ts';
import { instantOf } from '../parts/ages.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { timelineList, type TimelineLine } from '../parts/timeline.ts';
import { stateBadge, troubleNotice, wordsOf, workflowName } from '../parts/words.ts';
import { onLive } from '../shell/live.ts';
import { read } from '../shell/request.ts';

/** `<desk-order>`: one order with its timeline, and the actions on it. */
export class DeskOrder extends DeskElement {
  static override readonly properties = { orderId: {} };
  declare orderId: string;

  #details: OrderDetails | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    const isMine = (changed: readonly string[], isCut: boolean) => isCut || changed.includes(this.orderId);
    this.whileShown(onLive('orders', ({ changed, isCut }) => void (isMine(changed, isCut) && this.#read())));
    this.whileShown(onLive('hello', () => void this.#read()));
    if (this.hasUpdated) void this.#read();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('orderId')) return;
    this.#details = null;
    void this.#read();
  }

  #read(): Promise<void> {
    return this.latest(
      () => this.orderId,
      () => read<OrderDetails>(`/api/orders/${encodeURIComponent(this.orderId)}`),
      (details) => (this.#details = details),
    );
  }

  override render() {
    const details = this.#details;
    if (!details) return html`<div class="page">${troubleNotice(this.trouble)}</div>`;
    return html`<article class="page order">
      ${orderHead(details.order)} ${troubleNotice(this.trouble)}
      ${details.note ? html`<p class="notice" data-tone="warn">${details.note}</p>` : null}
      ${details.order.holds.map(holdNotice)}
      <desk-order-actions .details=${details} @acted=${() => void this.#read()}></desk-order-actions>
      <section class="card" aria-labelledby="timeline-title">
        <h2 id="timeline-title">Timeline</h2>
        ${timelineList(details.timeline.map(timelineLine))}
      </section>
      ${orderContents(details.order)}
    </article>`;
  }
}

const orderHead = (order: OrderShown): TemplateResult => html`
  <header class="case-head">
    <a class="back" href="#/orders">← All orders</a>
    <div class="page-head">
      <h1 class="mono breaks">${order.orderId}</h1>
      ${stateBadge(order.state)}<span class="quiet">step ${order.step} of 5</span>
      ${order.total ? html`<strong>${formatMoney(order.total)}</strong>` : null}
    </div>
    ${order.reason ? html`<p>${order.reason}</p>` : null}
    <dl class="facts-of">
      <dt>Customer</dt>
      <dd>
        ${order.customerId}${order.unreachableSince ? `, not reached by mail since ${instantOf(order.unreachableSince)}` : ''}
      </dd>
      <dt>Workflow</dt>
      <dd>${workflowName(order.workflowId)}</dd>
    </dl>
    ${order.notes.map((note) => html`<p class="notice" data-tone="warn">${note}</p>`)}
  </header>
`;

const holdNotice = ({
  reason,
  command,
  message,
  help,
  since,
  deadline,
}: OrderShown['holds'][number]): TemplateResult => html`
  <section class="hold" aria-label="Held for ${wordsOf(reason)}">
    <strong>Held for ${wordsOf(reason)}</strong>
    <span class="quiet small"
      >at ${wordsOf(command)}, for <desk-age at=${since}></desk-age>${
        deadline ? html`, given up <desk-age until=${deadline}></desk-age>` : null
      }</span
    >
    <p class="breaks">${message}</p>
    <p><b>What helps:</b> ${help}</p>
  </section>
`;

const kindTones: { readonly [Kind in TimelineRow['kind']]: TimelineLine['tone'] } = {
  command: 'none',
  acknowledged: 'good',
  refused: 'bad',
  fact: 'calm',
  held: 'warn',
  action: 'calm',
};

const kinds: { readonly [Kind in TimelineRow['kind']]: string } = {
  command: 'asked',
  acknowledged: 'acknowledged',
  refused: 'refused',
  fact: 'fact',
  held: 'held for',
  action: 'action',
};

const timelineLine = ({ kind, at, name, step, detail }: TimelineRow): TimelineLine => ({
  tone: kindTones[kind],
  at,
  title: `${kinds[kind]} ${wordsOf(name)}`,
  by: null,
  detail: [step ? `step ${step}` : null, detail].filter(Boolean).join(' · ') || null,
});

const orderContents = ({ lines, shipTo, shipment }: OrderShown): TemplateResult => html`
  <section class="card" aria-labelledby="contents-title">
    <h2 id="contents-title">What and where to</h2>
    <ul class="order-lines">
      ${lines.map(({ isbn, quantity, title }) => html`<li><b>${quantity} ×</b> <span class="breaks">${title}</span> <span class="quiet mono">${isbn}</span></li>`)}
    </ul>
    ${shipTo ? html`<p class="breaks">${addressLine(shipTo)}</p>` : null}
    ${
      shipment
        ? html`<p>${shipment.carrier} ${shipment.method} <span class="mono">${shipment.trackingNumber}</span></p>`
        : null
    }
  </section>
`;
