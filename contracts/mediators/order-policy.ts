import type { ReorderedBy } from '../inventory.ts';
import type { HoldReason } from './holds.ts';
import type { Currency } from '../money.ts';
import type { CommandName } from '../command-routes.ts';
import type { Duration } from '../duration.ts';

/**
 * The lanes of an order. `channels`: each command goes over its channel. `compact`: the mediator's worker has the
 * processors in it and calls them itself, until something is out of the ordinary (docs/adr/0031).
 */
export const lanes = ['channels', 'compact'] as const;

/** The way by which an order's commands get to their processors. */
export type Lane = (typeof lanes)[number];

/** The deadline of a hold, and the reminders to the customer; both are counted from its beginning. */
export interface HoldPolicy {
  readonly deadline: Duration;
  /** In rising order; those at or after the deadline are not sent. */
  readonly reminders: readonly Duration[];
}

/**
 * The deadlines, reminders, retry times and approval limits of an order. The shop's own are in
 * `config/order-policy.ts`. An order keeps the policy that it was started with.
 */
export interface OrderPolicy {
  readonly holds: { readonly [Reason in Exclude<HoldReason, 'compensation'>]: HoldPolicy };
  /**
   * The time for which faults of a command are retried. After it the order is held, or the compensation shows as
   * failing.
   */
  readonly retryFor: { readonly default: Duration } & { readonly [Name in CommandName]?: Duration };
  /**
   * An order whose total is above this, in minor units, waits for an approval before anything is charged. A currency
   * that is left out has no limit.
   */
  readonly approveAbove?: { readonly [Code in Currency]?: number };
  /** The one who re-orders the titles that the order brings down; the mediator when it is left out. */
  readonly reorderedBy?: ReorderedBy;
  /** The way of the order's commands; `channels` when it is left out. */
  readonly lane?: Lane;
}
