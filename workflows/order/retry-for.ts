import type { Order } from './order.ts';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { Duration } from '../../contracts/duration.ts';

/** How long the faults of a command are retried. */
export const retryForOf = ({ policy }: Order, name: CommandName): Duration =>
  policy.retryFor[name] ?? policy.retryFor.default;
