import { formatMoney } from '../../contracts/money.ts';
import type { ListedReturn } from '../../app/reads/returns.ts';
import { moment } from './instants.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

const columns = [
  { heading: 'return' },
  { heading: 'order' },
  { heading: 'customer' },
  { heading: 'state' },
  { heading: 'since' },
  { heading: 'deadline' },
  { heading: 'amount', align: 'right' },
  { heading: 'what is to go back' },
  { heading: 'what keeps failing' },
] as const;

/** Returns, one a line. */
export const returnTable = (returns: readonly ListedReturn[], style: Style): readonly string[] =>
  table(columns, returns.map(cells), style.dim);

const cells = ({ requestId, orderId, customerId, state, since, deadline, amount, lines, trouble }: ListedReturn) => [
  requestId,
  orderId,
  customerId,
  state,
  moment(since),
  deadline === null ? 'none' : moment(deadline),
  amount === null ? '' : formatMoney(amount),
  lines.map(({ isbn, quantity }) => `${quantity} of ${isbn}`).join(', '),
  trouble ?? '',
];
