import type { Money } from '../money.ts';
import { type ReturnRequested, type ReturnState, type ReturnOutcomeName } from './return-requested.ts';
import type { EventOrigin, MediatorClass } from '../initiating-event.ts';
import type { StepRecord } from './steps.ts';
import type { ReturnPolicy } from './return-policy.ts';

/** The workflow type, and the names of what it answers to. What the updates take is `ReturnActions`. */
export const returnsMediator = {
  workflowType: 'returnsMediator',
  /** Query: answers with `ReturnProgress`. */
  progressQuery: 'getProgress',
} as const;

/** What the returns mediator is started with. */
export interface StartReturn {
  readonly event: ReturnRequested;
  /** SHA-256 of the canonical body (RFC 8785), hexadecimal. */
  readonly bodyHash: string;
  readonly origin: EventOrigin;
  readonly mediatorClass: MediatorClass;
  readonly policy: ReturnPolicy;
}

/** How the workflow of a return ends. A request that was refused ends it Failed instead. */
export interface ReturnOutcome {
  readonly requestId: string;
  readonly outcome: ReturnOutcomeName;
  /** What went back to the customer; null when nothing did. */
  readonly refunded: Money | null;
}

/** What people do to a return: updates of its workflow, named as here; each carries the name of who does it. */
export interface ReturnActions {
  approve: { readonly actor: string };
  decline: { readonly actor: string; readonly reason: string };
  'parcel-received': { readonly actor: string };
  /** What came back: how many of each title are accepted (they are refunded), and how many of those can be sold again. */
  inspect: { readonly actor: string; readonly lines: readonly InspectedLine[] };
}

export const returnActions = [
  'approve',
  'decline',
  'parcel-received',
  'inspect',
] as const satisfies readonly (keyof ReturnActions)[];

export type ReturnActionName = keyof ReturnActions;

/** What each action needs: the state the return has to be in. */
export const actionNeeds: { readonly [Name in ReturnActionName]: ReturnState } = {
  approve: 'awaiting-approval',
  decline: 'awaiting-approval',
  'parcel-received': 'awaiting-parcel',
  inspect: 'awaiting-inspection',
};

/** The actions that fit a return in this state. */
export const returnActionsPossible = (state: ReturnState): readonly ReturnActionName[] =>
  returnActions.filter((name) => actionNeeds[name] === state);

/** A title that is not named was not accepted. */
export interface InspectedLine {
  readonly isbn: string;
  /** 0 to what was asked to go back. */
  readonly accepted: number;
  /** 0 to `accepted`. */
  readonly sellable: number;
}

/** The answer to an action: it is recorded, and this is where the return stands just then. */
export interface ReturnActionTaken {
  readonly requestId: string;
  readonly state: ReturnState;
}

/** The answer of the query `getProgress`. */
export interface ReturnProgress {
  readonly requestId: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly state: ReturnState;
  /** ISO 8601: since when it stands there. */
  readonly since: string;
  /** ISO 8601: what happens by itself then is in the policy; null when nothing does. */
  readonly deadline: string | null;
  /** How often somebody was reminded of what it waits for. */
  readonly reminders: number;
  /** What is to be given back, or was; null before the inspection. */
  readonly amount: Money | null;
  readonly inspected: readonly InspectedLine[] | null;
  readonly steps: readonly StepRecord[];
  /** What a processor said that keeps failing; null when none does. */
  readonly trouble: string | null;
  /** What came too late to be done, and mails that could not be sent, for people. */
  readonly notes: readonly string[];
}
