/**
 * The workflow that a Temporal Schedule starts again and again: finds orders whose workflow is gone (terminated, or lost with Temporal's
 * database) and carries them on from the ledger, and charges that nobody waits for any more. Without a second charge: processors give their stored answers.
 */
export const reconciler = {
  workflowType: 'reconciler',
  scheduleId: 'order-reconciler',
  workflowId: 'order-reconciler',
} as const;

/** What the reconciler's activities do; they run on the mediators' own worker. */
export interface ReconcilerActivities {
  /** Starts the workflow of every unfinished order of the ledger that has none running. Safe to repeat. */
  carryOnOrders(): Promise<CarriedOnOrders>;
}

export interface CarriedOnOrders {
  /** How many unfinished orders there were. */
  readonly examined: number;
  /** Orders whose workflow was started again, to go on. */
  readonly restarted: readonly string[];
  /** Orders whose workflow was started again to take back what was done. */
  readonly undone: readonly string[];
}

/** The reconciler's report: its workflow's result. */
export interface Reconciled extends CarriedOnOrders {
  /** Orders that got money back because a charge arrived too late. */
  readonly givenBack: readonly string[];
  /** Why charges could not be looked through this time; null when they were. */
  readonly trouble: string | null;
}
