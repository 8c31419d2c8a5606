/**
 * The workflow that a Temporal Schedule starts again and again. It finds orders and queued events whose workflow is
 * gone (terminated, failed, or lost with Temporal's database), and recovers them from the mediator store. It also finds
 * charges and shipments that came too late for their order, and waiting orders for which nothing is under way. No card
 * is charged twice, because processors give their stored answers.
 */
export const reconciler = {
  workflowType: 'reconciler',
  scheduleId: 'order-reconciler',
  workflowId: 'order-reconciler',
} as const;

/** The reconciler's activities; they run on the order mediator's own worker. */
export interface ReconcilerActivities {
  /** Starts the workflow of every unfinished order of the mediator store that has none running. Safe to repeat. */
  recoverOrders(): Promise<RecoveredOrders>;
  /**
   * Starts the workflow of every delegated event that is not complete and has none running, and rings for customers
   * whose events could go on. Safe to repeat.
   */
  recoverEvents(): Promise<RecoveredEvents>;
  /** Starts the workflow of every purchase order that is open and has none running. Safe to repeat. */
  recoverReplenishments(): Promise<RecoveredReplenishments>;
}

export interface RecoveredOrders {
  /** The number of unfinished orders. */
  readonly examined: number;
  /** Orders whose workflow was started again, to be carried to their end. */
  readonly restarted: readonly string[];
  /** Orders whose workflow was started again to finish their compensation. */
  readonly undone: readonly string[];
}

export interface RecoveredEvents {
  /**
   * The ids of workflows that were started again from the original message. An order that the mediator store knows is
   * listed with the orders.
   */
  readonly events: readonly string[];
  /**
   * Workflows that are gone and cannot be started again, because the message is gone or can no longer be read. For
   * people.
   */
  readonly stuck: readonly string[];
  /** Customers of whom an event could go on for more than a minute; their mediator was rung for. */
  readonly customers: readonly string[];
}

export interface RecoveredReplenishments {
  /** Purchase orders whose workflow was started again. */
  readonly replenished: readonly string[];
}

/** The reconciler's report: its workflow's result. */
export interface Reconciled extends RecoveredOrders, RecoveredEvents, RecoveredReplenishments {
  /** Orders that got money back because a charge arrived too late. */
  readonly givenBack: readonly string[];
  /** Orders whose shipment was called back because it was booked too late. */
  readonly recalled: readonly string[];
  /** Titles of which waiting orders lacked more than was on order; it has been ordered. */
  readonly uncovered: readonly string[];
  /** Low titles that the listeners had not re-ordered in time: one of them is stuck. They have been ordered. */
  readonly overlooked: readonly string[];
  /** Why charges, shipments or purchase orders could not be looked through this time; null when they were. */
  readonly trouble: string | null;
}
