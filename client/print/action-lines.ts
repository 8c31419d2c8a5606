import { formatMoney, type Money } from '../../contracts/money.ts';
import { moment } from './instants.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import type { RecordedAction } from '../../app/reads/orders.ts';

const columns = [
  { heading: 'action' },
  { heading: 'by' },
  { heading: 'at' },
  { heading: 'update' },
  { heading: 'what was asked' },
] as const;

/** What people did, who, and what exactly, with an empty line before it; nothing when nobody did anything. */
export function actionLines(actions: readonly RecordedAction[], style: Style): readonly string[] {
  if (actions.length === 0) return [];
  const rows = actions.map(({ action, actor, at, actionId, details }) => [
    action,
    actor ?? 'the customer',
    moment(at),
    actionId,
    told(details),
  ]);
  return ['', ...table(columns, rows, style.dim)];
}

/** `lines: 2 titles; country: NO`, in one order, which jsonb does not keep. A detail that is not known here is left to `--json`. */
function told(details: RecordedAction['details']): string {
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
