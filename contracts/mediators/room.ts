/*
 * A run of a workflow has room for 2,000 updates, 51,200 events and 50 MB of history. Beyond it the server takes no
 * update any more, or ends the run. These rules keep room for what ends the flow (docs/adr/0021).
 */

/**
 * The kinds of actions, by how long there is room for them. `optional`: the flow comes to its end without it.
 * `repeatable`: it carries the flow on, and may have to be asked again and again. `ending`: it ends the flow, or is
 * possible only once; there is always room for it.
 */
export type ActionKind = 'optional' | 'repeatable' | 'ending';

/** The size of a run, beside its limits: a part of Temporal's `workflowInfo()`. */
export interface RunSize {
  readonly historyLength: number;
  /** Bytes. */
  readonly historySize: number;
  /** Set by the server: by default from 4,096 events, 4 MB, or nine tenths of the updates on. */
  readonly continueAsNewSuggested: boolean;
  /** Left out by a server older than 1.30. */
  readonly suggestedContinueAsNewReasons?: readonly string[];
}

/**
 * One and a half times the server's suggestion. A worker that takes a flow over has 10 seconds to replay all of it, and
 * 4,100 events of an order cost 5 seconds of CPU.
 */
const longHistory = { events: 6_144, bytes: 6 * 1024 * 1024 };

/** Why a run has no room for an action any more, as one sentence; undefined while it has. */
export function whyNoRoom(kind: ActionKind, run: RunSize): string | undefined {
  if (kind === 'ending' || !run.continueAsNewSuggested) return undefined;
  if (isNearlyFull(run)) return 'It was asked too often: only what ends it is possible.';
  return kind === 'optional' ? 'Too much was done to it already: it takes no more changes.' : undefined;
}

const isNearlyFull = ({ historyLength, historySize, suggestedContinueAsNewReasons }: RunSize): boolean =>
  historyLength >= longHistory.events ||
  historySize >= longHistory.bytes ||
  (suggestedContinueAsNewReasons ?? []).includes('TOO_MANY_UPDATES');
