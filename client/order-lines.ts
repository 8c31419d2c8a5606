import type { Hold } from '../contracts/holds.ts';
import { kindInRequestId } from '../contracts/ids.ts';
import { formatMoney } from '../contracts/money.ts';
import type { OrderState, StepRecord } from '../contracts/order-mediator.ts';
import type { RecordedAction } from '../prisma/read/order-actions.ts';
import type { Change } from './changes.ts';
import { holdLines } from './hold-lines.ts';
import { clock, moment } from './instants.ts';
import type { OrderSummary, OrderView, TimelineFact } from './order-view.ts';
import type { Style } from './style.ts';
import { pairs, table } from './table.ts';

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

/** One order with its steps and its facts. */
export function orderSheet(view: OrderView, style: Style): readonly string[] {
  const { reason } = view;
  const facts = view.facts.map((fact: TimelineFact) => [String(fact.sequence), fact.name, clock(fact.at)]);
  return [
    ...pairs([
      ['order', style.bold(view.orderId)],
      ['state', `${paintedState(view.state, style)}, step ${view.step} of 5`],
      ...(reason === null ? [] : [['because', reason] as const]),
      ['customer', view.customerId],
      ['total', view.total ? formatMoney(view.total) : 'not priced yet'],
      ['request', view.requestId],
      ['workflow', view.workflowId],
    ]),
    ...holdLines(view.holds, style),
    '',
    ...table(
      stepColumns,
      view.steps.map((record) => stepCells(record, style)),
      style.dim,
    ),
    '',
    ...table([{ heading: 'fact', align: 'right' }, { heading: 'name' }, { heading: 'at' }], facts, style.dim),
    ...actionLines(view.actions, style),
    ...(view.notes.length > 0 ? ['', ...view.notes] : []),
  ];
}

/** What people did, and who. */
function actionLines(actions: readonly RecordedAction[], style: Style): readonly string[] {
  if (actions.length === 0) return [];
  const columns = [{ heading: 'action' }, { heading: 'by' }, { heading: 'at' }, { heading: 'update' }];
  const rows = actions.map(({ action, actor, at, actionId }) => [
    action,
    actor ?? 'the customer',
    moment(at),
    actionId,
  ]);
  return ['', ...table(columns, rows, style.dim)];
}

/** `held (payment, stock)`. */
function stateWithReasons({ state, holds }: OrderSummary, style: Style): string {
  const reasons = [...new Set(holds.map(({ reason }) => reason))].join(', ');
  return reasons === '' ? paintedState(state, style) : `${paintedState(state, style)} (${reasons})`;
}

const stepColumns = [
  { heading: 'step', align: 'right' },
  { heading: 'command' },
  { heading: 'processor' },
  { heading: 'asked' },
  { heading: 'answer' },
  { heading: 'attempt', align: 'right' },
] as const;

const stepCells = (record: StepRecord, style: Style): readonly string[] => [
  String(record.step),
  commandOf(record),
  record.processor,
  clock(record.askedAt),
  answerOf(record, style),
  record.attempt === null ? '' : String(record.attempt),
];

function answerOf({ refusal, acknowledgedAt }: StepRecord, style: Style): string {
  if (refusal !== null) return style.bad(`refused: ${refusal}`);
  return acknowledgedAt === null ? style.busy('waiting') : `${style.good('acknowledged')} ${clock(acknowledgedAt)}`;
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
  if (change.change === 'refused') return `${' '.repeat(12)}  ${what}  ${style.bad(`refused: ${record.refusal}`)}`;
  const attempt = (record.attempt ?? 1) > 1 ? ` at attempt ${record.attempt}` : '';
  return `${clock(record.acknowledgedAt ?? '')}  ${what}  ${style.good('acknowledged')}${attempt}`;
}

function holdLine({ change, hold }: Extract<Change, { readonly hold: Hold }>, style: Style): string {
  const what = `step ${hold.step}  ${hold.command.padEnd(30)}`;
  if (change === 'resumed') return `${' '.repeat(12)}  ${what}  ${style.good('goes on')}`;
  return `${clock(hold.since)}  ${what}  ${style.busy(`held (${hold.reason})`)}: ${hold.message} ${hold.help}`;
}

/** `email-customer` with the kind of mail, which its request id tells. */
function commandOf({ command, requestId }: StepRecord): string {
  const kind = kindInRequestId(requestId);
  return kind ? `${command} (${kind})` : command;
}

/** The state in its colour. */
export function paintedState(state: OrderState, style: Style): string {
  const paint = {
    open: style.busy,
    held: style.busy,
    undoing: style.busy,
    completed: style.good,
    cancelled: style.bad,
  };
  return paint[state](state);
}
