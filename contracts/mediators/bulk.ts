import { channels } from '../channels.ts';
import { bulkWorkflowId } from '../ids.ts';
import type { Money } from '../money.ts';
import type { HoldReason } from './holds.ts';
import type { OrderActionName, OrderActions } from './order-actions.ts';
import type { OrderState } from './order-mediator.ts';

/**
 * The workflow of a bulk action: one action on many orders, a few at a time. It can be paused, resumed and stopped by update, and keeps its
 * report for as long as Temporal keeps its history.
 */
export const bulk = {
  workflowType: 'bulk',
  channel: channels.bulk,
  /** Query: answers with `BulkProgress`. */
  progressQuery: 'getProgress',
  /** Query: answers with `BulkResults`. */
  reportQuery: 'getReport',
} as const;

/** The most orders of one bulk action: its report has to fit into one payload of Temporal's, 2 MB. */
export const mostInBulk = 5_000;

/** The most orders a second of all bulk actions together, on any number of workers: Temporal keeps the pace of their queue. */
export const bulkPerSecond = 20;

/** Order actions that a selection may be given. */
export const bulkActions = ['retry', 'approve', 'skip', 'cancel'] as const satisfies readonly OrderActionName[];

export type BulkActionName = (typeof bulkActions)[number];

export interface StartBulk {
  readonly id: string;
  /** For people, on one line, up to 64 characters. */
  readonly name: string;
  /** In whose name the orders are acted on. */
  readonly actor: string;
  readonly action: BulkActionName;
  /** The action's content without the actor, the same for every order; an approval also says each order's own total. */
  readonly content: BulkContent;
  /** In the order in which they are asked. Of a workflow that continues as new, with what they have answered. */
  readonly orders: readonly BulkOrder[];
  /** Carried over by a workflow that continues as new. */
  readonly control?: BulkControl;
}

export type BulkContent = { [Name in BulkActionName]: Omit<OrderActions[Name], 'actor'> }[BulkActionName];

/** Where an order stands, as far as a selection tells. */
export interface OrderPosition {
  readonly state: OrderState;
  readonly holdReason: HoldReason | null;
}

/** One order of a bulk action. */
export interface BulkOrder {
  readonly orderId: string;
  /** Where it stood when it was asked; until then, when it was counted. */
  readonly before: OrderPosition;
  /** What it came to when it was counted; left out before it has a price. An approval goes through for no other amount. */
  readonly total?: Money;
  /** Left out until it has answered. */
  readonly answer?: BulkAnswerName;
  /** Why it was refused, or why its answer is unknown. */
  readonly message?: string;
}

/** `unknown`: no answer in time, the action may have been done. */
export type BulkAnswerName = 'taken' | 'refused' | 'unknown';

/** `stopping`: orders that were asked already still answer. The last two end the workflow. */
export type BulkState = 'running' | 'paused' | 'stopping' | 'stopped' | 'done';

/** What people do to a bulk action: updates of its workflow, named as here. */
export const bulkControls = ['pause', 'resume', 'stop'] as const;

export type BulkControlName = (typeof bulkControls)[number];

/** The one argument of each of these updates. */
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

/** What each control needs: the states the bulk action may be in. */
export const controlNeeds: { readonly [Name in BulkControlName]: readonly BulkState[] } = {
  pause: ['running'],
  resume: ['paused'],
  stop: ['running', 'paused'],
};

/** What may be done to a bulk action that is in this state. */
export const controlsPossible = (state: BulkState): readonly BulkControlName[] =>
  bulkControls.filter((name) => controlNeeds[name].includes(state));

/** How far a bulk action is; also the result of its workflow. */
export interface BulkProgress {
  readonly id: string;
  readonly name: string;
  readonly actor: string;
  readonly action: BulkActionName;
  readonly state: BulkState;
  /** Null until somebody has paused or stopped it. */
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

/** The memo of its workflow, by which bulk actions are listed without asking each. */
export interface BulkMemo extends Pick<BulkProgress, 'name' | 'actor' | 'action' | 'state' | 'count'> {}

/** The activity of a bulk action, on its own queue. */
export interface BulkActivities {
  /**
   * Asks one order's mediator to act, under the update id `bulk/<bulk id>/<order id>`: a repeat acts once. Fails when there is no answer, so
   * that it is asked again.
   */
  actOnOrder(asked: AskedOfOrder): Promise<OrderAnswer>;
}

export interface AskedOfOrder {
  readonly orderId: string;
  readonly updateId: string;
  readonly name: BulkActionName;
  readonly action: OrderActions[BulkActionName];
  /** Where it stood when it was counted. */
  readonly counted: OrderPosition;
}

export interface OrderAnswer {
  /** Where it stood before it was asked. */
  readonly before: OrderPosition;
  /** Why it was refused, as one sentence; null when the action was taken. */
  readonly refusal: string | null;
}

/** How a bulk action is started: once under its id. */
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
