import type { HoldReason } from '../../../contracts/mediators/holds.ts';
import type { Money } from '../../../contracts/money.ts';
import type { OrderActionName, OrderActions } from '../../../contracts/mediators/order-actions.ts';
import type { OrderState } from '../../../contracts/mediators/order-mediator.ts';
import type {
  BulkActionName,
  BulkAnswerName,
  BulkMemo,
  BulkProgress,
  BulkState,
  OrderPosition,
} from '../../../contracts/mediators/bulk.ts';
import type { StepNumber } from '../../../contracts/mediators/steps.ts';
import type { OrderFilter, OrderRow, OrderSort, OrderView } from '../../../contracts/views.ts';

export interface OrderQuery extends OrderFilter {
  /** `newest` when left out. */
  readonly sort?: OrderSort;
  /** `next` of the page before. */
  readonly cursor?: string;
  /** 1 to 200; 100 when left out. */
  readonly limit?: number;
}

export interface OrderPage {
  readonly orders: readonly OrderRow[];
  /** For `cursor` of the next page; null at the end. */
  readonly next: string | null;
  /** The number of orders that the filter finds: exact up to 100,000, an estimate above. */
  readonly total: { readonly count: number; readonly isExact: boolean };
}

/** One order, as the client's `show --json`, with its timeline and the actions that fit. */
export interface OrderDetails {
  readonly order: OrderShown;
  /** One sentence when the mediator did not answer, so that this comes from the mediator store alone. */
  readonly note: string | null;
  /** The actions that fit the order now; its mediator decides when it is asked. */
  readonly possible: readonly OrderActionName[];
  /** Commands, acknowledgements, refusals, facts, holds and actions, oldest first. */
  readonly timeline: readonly TimelineRow[];
}

export type OrderShown = Omit<OrderView, 'facts' | 'actions'>;

export interface TimelineRow {
  readonly kind: 'command' | 'acknowledged' | 'refused' | 'fact' | 'held' | 'action';
  /** ISO 8601; null for a refusal, which has no instant of its own and follows its command. */
  readonly at: string | null;
  /** The command, the fact, the hold's reason or the action. */
  readonly name: string;
  readonly step: StepNumber | null;
  /** The processor, the refusal's type, the actor, or the hold's sentence. */
  readonly detail: string | null;
}

/** The body of each action; the session names the actor. An `updateId` makes a repeat harmless. */
export type OrderActionBodies = {
  readonly [Name in OrderActionName]: Omit<OrderActions[Name], 'actor'> & { readonly updateId?: string };
};

/**
 * The action, and its orders: those named, at most 5,000, or the first 5,000 that a filter finds. An empty filter is
 * refused.
 */
export interface BulkRequest {
  readonly action: BulkActionName;
  readonly orderIds?: readonly string[];
  readonly filter?: OrderFilter;
  /** The command to skip, for `skip`. */
  readonly command?: string;
  /** The reason, for `cancel`. */
  readonly reason?: string;
}

/** The count, before the action is begun. */
export interface BulkPreview {
  readonly id: string;
  readonly action: BulkActionName;
  readonly count: number;
  readonly byState: Readonly<Partial<Record<OrderState, number>>>;
  readonly byHoldReason: Readonly<Partial<Record<HoldReason, number>>>;
  /**
   * The sums of the orders, by currency; orders that have no price yet are left out. `approve` approves these amounts,
   * each order's own, and nothing above.
   */
  readonly amounts: readonly Money[];
  /** The filter found more orders than a bulk action takes: it changes the first `count`. */
  readonly isCut: boolean;
  /** The number of named orders that are not there. */
  readonly missing: number;
  /** The most orders that are asked in a second, by all bulk actions together. */
  readonly perSecond: number;
}

export interface RunBulk {
  /** The count of the preview; any other is refused. */
  readonly count: number;
  /** For people, 1 to 64 characters on one line; made of action and count when it is left out. */
  readonly name?: string;
}

/** A bulk action in the list. */
export interface BulkListed extends BulkMemo {
  readonly id: string;
  /** ISO 8601 */
  readonly startedAt: string;
}

/** Running bulk actions first; at most 20. */
export interface BulkList {
  readonly bulk: readonly BulkListed[];
}

/** The report: the state of each order at the time of this request. */
export interface BulkReport extends Omit<BulkProgress, 'state'> {
  /** `previewed`: counted, and not begun. */
  readonly state: BulkState | 'previewed';
  /** The number of asked orders whose state differs from the one before. */
  readonly changed: number;
  /** Those from `offset` on, at most 500 of the `count`. */
  readonly orders: readonly BulkLine[];
  readonly offset: number;
}

export interface BulkLine {
  readonly orderId: string;
  /** The order's state when it was asked; until then, its state at the preview. */
  readonly before: OrderPosition;
  readonly after: OrderPosition;
  readonly answer: BulkAnswerName | 'waiting';
  /** Why it was refused, or why it is not known. */
  readonly message: string | null;
}
