/*
 * The compact lane: one worker has the order mediator and the processors in it, and the mediator calls commands as
 * local activities (docs/adr/0031).
 */

/** A command that takes longer goes on over its channel, under the same request id. */
export const longestCompact = '2 seconds';

/** The order of a command: the second argument of its local activity. */
export interface CompactOrder {
  readonly requestId: string;
}

/**
 * The answer to a command in the compact lane. A command is not done, and leaves no trace, when its channel is braked,
 * or when an action or a cancel waits for the order's mediator to hear it (`interrupted`).
 */
export type CompactAnswer<Acknowledged> =
  { readonly acknowledgement: Acknowledged } | { readonly notDone: 'braked' | 'interrupted' };
