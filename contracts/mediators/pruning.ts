/**
 * The workflow that a Temporal Schedule starts once a night. It removes what is stored and has no use any more, each
 * kind once its age is over (`config/pruning.ts`). docs/operations.md says what goes and what stays.
 */
export const pruning = {
  workflowType: 'prune',
  scheduleId: 'pruning',
  workflowId: 'pruning',
} as const;

/**
 * The kinds of what is pruned: published facts in the outbox; the facts that listeners have noted as applied; answers
 * with names and mail addresses; messages of closed repair cases; steps, holds and details of actions of ended orders.
 */
export const prunedKinds = ['facts', 'seen', 'answers', 'cases', 'histories'] as const;

export type PrunedKind = (typeof prunedKinds)[number];

/** The activity of pruning; it runs on the returns mediator's own worker. */
export interface PruningActivities {
  /**
   * Prunes a number of batches of one kind. Each batch is a transaction of its own. Safe to repeat, and to be killed.
   */
  prune(kind: PrunedKind): Promise<Pruned>;
}

export interface Pruned {
  /** The number of rows that were removed, or relieved of what they held. */
  readonly rows: number;
  /** True when there may be more. */
  readonly isMore: boolean;
}

/** The report of one night: the workflow's result. An attempt that was killed is not counted. */
export interface PruningReport {
  readonly rows: Readonly<Record<PrunedKind, number>>;
  /** The kinds that could not be pruned to the end, and why; null when all were. */
  readonly trouble: string | null;
}
