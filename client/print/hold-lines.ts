import type { Hold } from '../../contracts/mediators/holds.ts';
import type { OrderRecord } from '../../app/reads/orders.ts';
import { moment } from './instants.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

const columns = [
  { heading: 'held' },
  { heading: 'step', align: 'right' },
  { heading: 'command' },
  { heading: 'since' },
  { heading: 'deadline' },
  { heading: 'what would help' },
] as const;

const cells = ({ reason, step, command, since, deadline, help }: Hold): readonly string[] => [
  reason,
  String(step),
  command,
  moment(since),
  deadline === null ? 'none' : moment(deadline),
  help,
];

/** What an order waits for, with an empty line before it and what the processors said after it; nothing when it waits for nothing. */
export function holdLines(holds: readonly Hold[], style: Style): readonly string[] {
  if (holds.length === 0) return [];
  const names = holdNames(holds);
  const said = holds.map(({ message }, index) => `${names[index]}: ${message}`);
  return ['', ...table(columns, holds.map(cells), style.dim), ...said];
}

/** The reason of each hold, with its command where another has the same reason: `fault at order-stock`. */
export const holdNames = (holds: readonly Hold[]): readonly string[] =>
  holds.map(({ reason, command }) =>
    holds.filter((other) => other.reason === reason).length > 1 ? `${reason} at ${command}` : reason,
  );

/** What orders wait for, one hold a line. */
export const heldTable = (orders: readonly OrderRecord[], style: Style): readonly string[] =>
  table(
    [{ heading: 'order' }, ...columns],
    orders.flatMap(({ orderId, holds }) => holds.map((hold) => [orderId, ...cells(hold)])),
    style.dim,
  );
