import { formatMoney, type Money } from '../../contracts/money.ts';
import { holdLines } from './hold-lines.ts';
import { commandOf, paintedState, refusalWords } from './order-lines.ts';
import type { OrderView, RecordedAction } from '../../contracts/views.ts';
import type { Style } from './style.ts';
import { clock, moment, pairs, table } from './table.ts';
import type { StepRecord } from '../../contracts/mediators/steps.ts';
import { addressLine } from '../../contracts/address.ts';
import { chosenId } from '../../contracts/ids.ts';

/** One order: its contents, its holds, its steps, its facts, and the actions of people. */
export function orderSheet(view: OrderView, style: Style): readonly string[] {
  return [
    ...pairs(headOf(view, style)),
    ...lineTable(view, style),
    ...holdLines(view.holds, style),
    ...stepTable(view, style),
    ...factTable(view, style),
    ...actionLines(view.actions, style),
    ...(view.notes.length > 0 ? ['', ...view.notes] : []),
  ];
}

type Pair = readonly [name: string, value: string];

const headOf = (view: OrderView, style: Style): readonly Pair[] => [
  ['order', style.bold(view.orderId)],
  ['state', `${paintedState(view.state, style)}, step ${view.step} of 5`],
  ...(view.reason === null ? [] : [['because', view.reason] as const]),
  ['customer', customerIn(view, style)],
  ...destination(view),
  ['total', view.total ? formatMoney(view.total) : 'not priced yet'],
  ['request', view.requestId],
  ['workflow', view.workflowId],
];

const customerIn = ({ customerId, unreachableSince }: OrderView, style: Style): string =>
  unreachableSince === null
    ? customerId
    : `${customerId}, ${style.bad(`not reached by mail since ${moment(unreachableSince)}`)}`;

/** The address and the shipment, as far as they are known. */
const destination = ({ shipTo, shipment }: OrderView): readonly Pair[] => [
  ...(shipTo ? [['ship to', addressLine(shipTo)] as const] : []),
  ...(shipment ? [['shipped', `${shipment.carrier} (${shipment.method}), ${shipment.trackingNumber}`] as const] : []),
];

function lineTable({ lines }: OrderView, style: Style): readonly string[] {
  if (lines.length === 0) return [];
  const columns = [{ heading: 'isbn' }, { heading: 'quantity', align: 'right' }, { heading: 'title' }] as const;
  const rows = lines.map(({ isbn, quantity, title }) => [isbn, String(quantity), title]);
  return ['', ...table(columns, rows, style.dim)];
}

function stepTable({ steps }: OrderView, style: Style): readonly string[] {
  const rows = steps.map((record) => stepCells(record, style));
  return ['', ...table(stepColumns, rows, style.dim)];
}

function factTable({ facts }: OrderView, style: Style): readonly string[] {
  const columns = [{ heading: 'fact', align: 'right' }, { heading: 'name' }, { heading: 'at' }] as const;
  const rows = facts.map(({ sequence, name, at }) => [String(sequence), name, clock(at)]);
  return ['', ...table(columns, rows, style.dim)];
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
  answerWords(record, style),
  record.attempt === null ? '' : String(record.attempt),
];

function answerWords({ refusal, acknowledgedAt }: StepRecord, style: Style): string {
  if (refusal !== null) return style.bad(refusalWords(refusal));
  return acknowledgedAt === null ? style.busy('waiting') : `${style.good('acknowledged')} ${clock(acknowledgedAt)}`;
}

const actionColumns = [
  { heading: 'action' },
  { heading: 'by' },
  { heading: 'at' },
  { heading: 'update' },
  { heading: 'what was asked' },
] as const;

/** The actions of people, with an empty line before them; nothing when there are none. */
function actionLines(actions: readonly RecordedAction[], style: Style): readonly string[] {
  if (actions.length === 0) return [];
  const rows = actions.map(({ action, actor, at, actionId, details }) => [
    action,
    actor ?? 'the customer',
    moment(at),
    chosenId(actionId),
    detailsIn(details),
  ]);
  return ['', ...table(actionColumns, rows, style.dim)];
}

/**
 * `lines: 2 titles; country: NO`, in a fixed order, which jsonb does not keep. A detail that is not known here is only
 * in `--json`.
 */
function detailsIn(details: RecordedAction['details']): string {
  const words = detailNames.flatMap((name) => {
    const value = details[name];
    return value === undefined ? [] : [`${name}: ${wordsFor(value)}`];
  });
  return words.join('; ');
}

const detailNames = ['total', 'lines', 'country', 'command', 'commands', 'reason'];

function wordsFor(value: unknown): string {
  if (isMoney(value)) return formatMoney(value);
  if (!Array.isArray(value)) return String(value);
  if (value.every((one) => typeof one === 'string')) return value.join(', ');
  return `${value.length} ${value.length === 1 ? 'title' : 'titles'}`;
}

const isMoney = (value: unknown): value is Money => typeof value === 'object' && value !== null && 'currency' in value;
