import { formatMoney } from '../../contracts/money.ts';
import { actionLines } from './action-lines.ts';
import { holdLines } from './hold-lines.ts';
import { clock } from './instants.ts';
import { commandOf, paintedState, refusalWords } from './order-lines.ts';
import type { OrderView } from '../../app/order-view.ts';
import type { Style } from './style.ts';
import { pairs, table } from './table.ts';
import type { StepRecord } from '../../contracts/mediators/steps.ts';
import type { Address } from '../../contracts/address.ts';

/** One order: what it is, what it waits for, its steps, its facts, and what people did. */
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
  ['customer', view.customerId],
  ...destination(view),
  ['total', view.total ? formatMoney(view.total) : 'not priced yet'],
  ['request', view.requestId],
  ['workflow', view.workflowId],
];

/** Where it goes and with whom, as far as that is known. */
const destination = ({ shipTo, shipment }: OrderView): readonly Pair[] => [
  ...(shipTo ? [['ship to', addressWords(shipTo)] as const] : []),
  ...(shipment ? [['shipped', `${shipment.carrier} (${shipment.method}), ${shipment.trackingNumber}`] as const] : []),
];

const addressWords = ({ name, street, postcode, city, country }: Address): string =>
  `${name}, ${street}, ${postcode} ${city}, ${country}`;

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
  answerOf(record, style),
  record.attempt === null ? '' : String(record.attempt),
];

function answerOf({ refusal, acknowledgedAt }: StepRecord, style: Style): string {
  if (refusal !== null) return style.bad(refusalWords(refusal));
  return acknowledgedAt === null ? style.busy('waiting') : `${style.good('acknowledged')} ${clock(acknowledgedAt)}`;
}
