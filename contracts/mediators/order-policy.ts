import type { HoldReason } from './holds.ts';
import type { Currency } from '../money.ts';
import type { CommandName } from '../command-routes.ts';
import type { Duration } from '../duration.ts';

/** The deadline of a hold, and the reminders to the customer; both are counted from its beginning. */
export interface HoldPolicy {
  readonly deadline: Duration;
  /** In rising order; those at or after the deadline are not sent. */
  readonly reminders: readonly Duration[];
}

/**
 * The mediator's way with holds and faults. Data: the shop's own is in `config/order-policy.ts`; an order carries
 * the policy it was started with to its end.
 */
export interface OrderPolicy {
  readonly holds: { readonly [Reason in Exclude<HoldReason, 'compensation'>]: HoldPolicy };
  /** The faults of a command are retried for so long before the order is held, or the compensation shows as failing. */
  readonly retryFor: { readonly default: Duration } & { readonly [Name in CommandName]?: Duration };
  /**
   * An order that comes to more than this, in minor units, waits for an approval before anything is charged. No limit
   * where none is given.
   */
  readonly approveAbove?: { readonly [Code in Currency]?: number };
}
