import { restoreCheck, type CaseState, type CaseProblem } from './repair.ts';

/**
 * The actions of people on a case. Each is an update of the case's workflow with the same name, and names the person.
 */
export interface CaseActions {
  /**
   * Sends the message back to its origin, with this body, and these headers for its own; an empty one is left out,
   * those that are not named stay. Refused with `ActionRefused` unless the case waits for a person. A body that does
   * not fit is answered with its problems. An earlier resubmission without an outcome is withdrawn first.
   */
  resubmit: EditedMessage & { readonly actor: string } & SeenCase;
  /** Discards the message. Refused unless the case waits for a person. */
  discard: { readonly actor: string; readonly reason: string } & SeenCase;
  /** Makes the person the case's owner. */
  take: { readonly actor: string };
}

/** A message as a person has put it right. */
export interface EditedMessage {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Guards against acting on a case that another person has changed meanwhile. */
export interface SeenCase {
  /** The case's `resubmissions` when the person looked at it. The action is refused when it was resubmitted since. */
  readonly seen?: number;
}

const caseActions = ['resubmit', 'discard', 'take'] as const satisfies readonly (keyof CaseActions)[];

export type CaseActionName = keyof CaseActions;

/** The part of a case that decides which actions are possible. */
export interface CaseForActions {
  readonly caseId: string;
  readonly consumer: string;
  readonly state: CaseState;
  /** Null unless it waits for a person. */
  readonly waitingSince: string | null;
}

/** Why an action does not fit a case now, as one sentence; undefined when it fits. */
export function whyNotOnCase(of: CaseForActions, name: CaseActionName): string | undefined {
  const { caseId, consumer, state, waitingSince } = of;
  if (state === 'repaired' || state === 'discarded') return `The case ${caseId} is closed (${state}).`;
  if (name === 'take') return undefined;
  if (name === 'resubmit' && consumer === restoreCheck)
    return `The case ${caseId} has no message to send back: look into it, then discard it with what you did.`;
  if (waitingSince === null) return `The case ${caseId} does not wait for anybody: its message is on its way back.`;
  return undefined;
}

/** The actions that fit a case now. */
export const caseActionsPossible = (of: CaseForActions): readonly CaseActionName[] =>
  caseActions.filter((name) => whyNotOnCase(of, name) === undefined);

/** The answer to an action on a case. */
export type CaseActionTaken =
  | { readonly ok: true; readonly caseId: string; readonly state: CaseState }
  /** The new message does not fit, and nothing has changed. */
  | { readonly ok: false; readonly caseId: string; readonly problems: readonly CaseProblem[] };

/** The details of an `ActionRefused` of a case. */
export interface CaseActionRefused {
  readonly caseId: string;
  readonly state: CaseState;
  /** The actions that fit now. */
  readonly possible: readonly CaseActionName[];
}
