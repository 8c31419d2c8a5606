import { channels } from '../channels.ts';
import { bulkWorkflowId } from '../ids.ts';
import type { Money } from '../money.ts';
import type { HoldReason } from './holds.ts';
import type { OrderActionName, OrderActions } from './order-actions.ts';
import type { OrderState } from './order-mediator.ts';

/**
 * The workflow of a bulk action: one action on many orders, a few at a time. It can be paused, resumed and stopped by
 * update, and keeps its report for as long as Temporal keeps its history.
 */
export const bulk = {
  workflowType: 'bulk',
  channel: channels.bulk,
  /** Query: answers with `BulkProgress`. */
  progressQuery: 'getProgress',
  /** Query: answers with `BulkResults`. */
  reportQuery: 'getReport',
} as const;

/** The most orders of one bulk action. The report has to fit into one Temporal payload (2 MB). */
export const mostInBulk = 5_000;

/** The most orders per second, over all bulk actions and workers. Temporal limits the rate of their queue. */
export const bulkPerSecond = 20;

/** The order actions that may be done in bulk. */
export const bulkActions = ['retry', 'approve', 'skip', 'cancel'] as const satisfies readonly OrderActionName[];

export type BulkActionName = (typeof bulkActions)[number];

export interface StartBulk {
  readonly id: string;
  /** For people, on one line, up to 64 characters. */
  readonly name: string;
  /** The name of the person who acts. */
  readonly actor: string;
  readonly action: BulkActionName;
  /**
   * The action's content without the actor, the same for every order. An approval also names each order's own total.
   */
  readonly content: BulkContent;
  /** In the order in which they are asked. A workflow that continues as new passes their answers on with them. */
  readonly orders: readonly BulkOrder[];
  /** The last control, passed on by a workflow that continues as new. */
  readonly control?: BulkControl;
}

export type BulkContent = { [Name in BulkActionName]: Omit<OrderActions[Name], 'actor'> }[BulkActionName];

/** An order's state, and the reason of its hold when it has one. */
export interface OrderPosition {
  readonly state: OrderState;
  readonly holdReason: HoldReason | null;
}

/** One order of a bulk action. */
export interface BulkOrder {
  readonly orderId: string;
  /** Its position when it was asked. Until it is asked, this is its position when the selection was counted. */
  readonly before: OrderPosition;
  /**
   * Its total when the selection was counted; left out while it has no price. An approval is valid for this amount
   * only.
   */
  readonly total?: Money;
  /** Left out until the order has answered. */
  readonly answer?: BulkAnswerName;
  /** Why it was refused, or why its answer is unknown. */
  readonly message?: string;
}

/** `unknown`: there was no answer in time, and the action may have been done. */
export type BulkAnswerName = 'taken' | 'refused' | 'unknown';

/** `stopping`: orders that were asked already still answer. The last two end the workflow. */
export type BulkState = 'running' | 'paused' | 'stopping' | 'stopped' | 'done';

/** The controls of a bulk action. Each is an update of its workflow with this name. */
export const bulkControls = ['pause', 'resume', 'stop'] as const;

export type BulkControlName = (typeof bulkControls)[number];

/** The argument of every control. */
export interface ControlBulk {
  readonly actor: string;
}

export type BulkControls = { readonly [Name in BulkControlName]: ControlBulk };

/** The last control, with the name of the person who used it. */
export interface BulkControl {
  readonly name: BulkControlName;
  readonly actor: string;
  /** ISO 8601 */
  readonly at: string;
}

/** The states in which each control is possible. */
export const controlNeeds: { readonly [Name in BulkControlName]: readonly BulkState[] } = {
  pause: ['running'],
  resume: ['paused'],
  stop: ['running', 'paused'],
};

/** The controls that are possible in this state. */
export const controlsPossible = (state: BulkState): readonly BulkControlName[] =>
  bulkControls.filter((name) => controlNeeds[name].includes(state));

/** The progress of a bulk action, and the result of its workflow. */
export interface BulkProgress {
  readonly id: string;
  readonly name: string;
  readonly actor: string;
  readonly action: BulkActionName;
  readonly state: BulkState;
  /** Null until it is paused or stopped for the first time. */
  readonly control: BulkControl | null;
  readonly count: number;
  /** Orders that have answered, or whose answer is unknown. */
  readonly done: number;
  readonly taken: number;
  readonly refused: number;
  readonly unknown: number;
}

export interface BulkResults extends BulkProgress {
  readonly orders: readonly BulkOrder[];
}

/** The memo of the workflow. Bulk actions are listed from their memos, so that no workflow has to be queried. */
export interface BulkMemo extends Pick<BulkProgress, 'name' | 'actor' | 'action' | 'state' | 'count'> {}

/** The activity of a bulk action, on its own queue. */
export interface BulkActivities {
  /**
   * Asks one order's mediator to act, under the update id `bulk/<bulk id>/<order id>`, so that a repeat acts once.
   * Fails when there is no answer, so that it is called again.
   */
  actOnOrder(asked: AskedOfOrder): Promise<OrderAnswer>;
}

export interface AskedOfOrder {
  readonly orderId: string;
  readonly updateId: string;
  readonly name: BulkActionName;
  readonly action: OrderActions[BulkActionName];
  /** The order's position when the selection was counted. */
  readonly counted: OrderPosition;
}

export interface OrderAnswer {
  /** The order's position before the action. */
  readonly before: OrderPosition;
  /** Why it was refused, as one sentence; null when the action was taken. */
  readonly refusal: string | null;
}

/** The start of a bulk action. Temporal starts one workflow for an id. */
export const bulkStart = (start: StartBulk) => {
  const { id, name, actor, action, orders } = start;
  const memo: BulkMemo = { name, actor, action, state: 'running', count: orders.length };
  return {
    workflowId: bulkWorkflowId(id),
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    taskQueue: bulk.channel,
    args: [start] as [StartBulk],
    memo: { ...memo },
    staticSummary: `${name}: ${action} ${orders.length} orders`,
  } as const;
};
