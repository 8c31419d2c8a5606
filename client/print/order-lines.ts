import type { Hold } from '../../contracts/mediators/holds.ts';
import type { Fact } from '../../contracts/facts.ts';
import { kindInRequestId } from '../../contracts/ids.ts';
import { formatMoney } from '../../contracts/money.ts';
import type { OrderState } from '../../contracts/mediators/order-mediator.ts';
import type { Change } from '../../app/order-changes.ts';
import { holdNames } from './hold-lines.ts';
import type { OrderSummary } from '../../contracts/views.ts';
import type { Style } from './style.ts';
import { clock, table } from './table.ts';
import type { StepRecord } from '../../contracts/mediators/steps.ts';

/** Orders as a table, one a line. */
export const orderTable = (orders: readonly OrderSummary[], style: Style): readonly string[] =>
  table(
    [
      { heading: 'order' },
      { heading: 'customer' },
      { heading: 'state' },
      { heading: 'step', align: 'right' },
      { heading: 'total', align: 'right' },
      { heading: 'request' },
    ],
    orders.map((order) => [
      order.orderId,
      order.customerId,
      stateWithReasons(order, style),
      String(order.step),
      order.total ? formatMoney(order.total) : '-',
      order.requestId,
    ]),
    style.dim,
  );

/** `held (payment, stock)`, and `held (fault at email-customer, fault at order-stock)`. */
function stateWithReasons({ state, holds }: OrderSummary, style: Style): string {
  const reasons = holdNames(holds).join(', ');
  return reasons === '' ? paintedState(state, style) : `${paintedState(state, style)} (${reasons})`;
}

/** One change of an order, on one line. */
export function changeLine(change: Change, style: Style): string {
  if (change.change === 'state') {
    const because = change.reason === null ? '' : `: ${change.reason}`;
    return `${' '.repeat(12)}  order ${paintedState(change.state, style)}${because}`;
  }
  if ('hold' in change) return holdLine(change, style);
  const { record } = change;
  const what = `step ${record.step}  ${commandOf(record).padEnd(30)}`;
  if (change.change === 'asked')
    return `${clock(record.askedAt)}  ${what}  ${style.dim(`asked of ${record.processor}`)}`;
  if (record.refusal !== null && change.change !== 'acknowledged')
    return `${' '.repeat(12)}  ${what}  ${style.bad(refusalWords(record.refusal))}`;
  const attempt = (record.attempt ?? 1) > 1 ? ` at attempt ${record.attempt}` : '';
  return `${clock(record.acknowledgedAt ?? '')}  ${what}  ${style.good('acknowledged')}${attempt}`;
}

function holdLine({ change, hold }: Extract<Change, { readonly hold: Hold }>, style: Style): string {
  const what = `step ${hold.step}  ${hold.command.padEnd(30)}`;
  if (change === 'resumed') return `${' '.repeat(12)}  ${what}  ${style.good('goes on')}`;
  return `${clock(hold.since)}  ${what}  ${style.busy(`held (${hold.reason})`)}: ${hold.message} ${hold.help}`;
}

/** The words for a command that was not done: its refusal by type, or a failure, which is no answer at all. */
export const refusalWords = (refusal: string): string => (refusal === 'Fault' ? 'failed' : `refused: ${refusal}`);

/** `email-customer` with the kind of mail, which its request id tells. */
export function commandOf({ command, requestId }: StepRecord): string {
  const kind = kindInRequestId(requestId);
  return kind ? `${command} (${kind})` : command;
}

/** The state in its colour. */
export function paintedState(state: OrderState, style: Style): string {
  const paint = {
    open: style.busy,
    held: style.busy,
    compensating: style.busy,
    completed: style.good,
    cancelled: style.bad,
  };
  return paint[state](state);
}

/** One fact on one line: instant, name, key, and the small values of its body. */
export function factLine(fact: Fact, style: Style): string {
  const head = `${clock(fact.time)}  ${style.bold(fact.name.padEnd(18))}  ${fact.key} #${fact.sequence}`;
  const told = Object.entries(fact.body).filter(([name, value]) => name !== 'orderId' && isSmall(value));
  return `${head}  ${style.dim(told.map(([name, value]) => `${name} ${String(value)}`).join(', '))}`.trimEnd();
}

const isSmall = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
