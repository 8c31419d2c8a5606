import type { Hold } from '../../contracts/mediators/holds.ts';
import type { OrderRecord } from '../../app/reads/orders.ts';
import type { Style } from './style.ts';
import { moment, table } from './table.ts';

const holdColumns = [
  { heading: 'held' },
  { heading: 'step', align: 'right' },
  { heading: 'command' },
  { heading: 'since' },
  { heading: 'deadline' },
  { heading: 'what would help' },
] as const;

const holdCells = ({ reason, step, command, since, deadline, help }: Hold): readonly string[] => [
  reason,
  String(step),
  command,
  moment(since),
  deadline === null ? 'none' : moment(deadline),
  help,
];

/**
 * An order's holds, with an empty line before them and the processors' sentences after them; nothing when there are
 * none.
 */
export function holdLines(holds: readonly Hold[], style: Style): readonly string[] {
  if (holds.length === 0) return [];
  const names = holdNames(holds);
  const said = holds.map(({ message }, index) => `${names[index]}: ${message}`);
  return ['', ...table(holdColumns, holds.map(holdCells), style.dim), ...said];
}

/** The reason of each hold, with its command where another has the same reason: `fault at order-stock`. */
export const holdNames = (holds: readonly Hold[]): readonly string[] =>
  holds.map(({ reason, command }) =>
    holds.filter((other) => other.reason === reason).length > 1 ? `${reason} at ${command}` : reason,
  );

/** The holds of orders, one a line. */
export const heldTable = (orders: readonly OrderRecord[], style: Style): readonly string[] =>
  table(
    [{ heading: 'order' }, ...holdColumns],
    orders.flatMap(({ orderId, holds }) => holds.map((hold) => [orderId, ...holdCells(hold)])),
    style.dim,
  );
