/**
 * The workflow that a Temporal Schedule starts again and again: finds orders and queued events whose workflow is gone (terminated, failed, or lost with
 * Temporal's database) and carries them on from the mediator store, and charges that nobody waits for any more. Without a second charge: processors give their
 * stored answers.
 */
export const reconciler = {
  workflowType: 'reconciler',
  scheduleId: 'order-reconciler',
  workflowId: 'order-reconciler',
} as const;

/** What the reconciler's activities do; they run on the mediators' own worker. */
export interface ReconcilerActivities {
  /** Starts the workflow of every unfinished order of the mediator store that has none running. Safe to repeat. */
  recoverOrders(): Promise<RecoveredOrders>;
  /** Starts the workflow of every queued event that was started, is not complete and has none running. Safe to repeat. */
  recoverEvents(): Promise<RecoveredEvents>;
}

export interface RecoveredOrders {
  /** How many unfinished orders there were. */
  readonly examined: number;
  /** Orders whose workflow was started again, to go on. */
  readonly restarted: readonly string[];
  /** Orders whose workflow was started again to take back what was done. */
  readonly undone: readonly string[];
}

export interface RecoveredEvents {
  /** Workflows that were started again from the message as it came, by id. Orders that the mediator store knows are told of as orders. */
  readonly events: readonly string[];
  /** Workflows that are gone and cannot be started again: the message is no longer there, or cannot be read as it could. For people. */
  readonly stuck: readonly string[];
}

/** The reconciler's report: its workflow's result. */
export interface Reconciled extends RecoveredOrders, RecoveredEvents {
  /** Orders that got money back because a charge arrived too late. */
  readonly givenBack: readonly string[];
  /** Why charges could not be looked through this time; null when they were. */
  readonly trouble: string | null;
}
