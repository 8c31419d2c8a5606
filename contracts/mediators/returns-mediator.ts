import type { Money } from '../money.ts';
import { type ReturnRequested, type ReturnState, type ReturnOutcomeName, type ReturnPolicy } from './returns.ts';
import type { EventOrigin, MediatorClass, CheckedEvent, WorkflowStart } from '../initiating-event.ts';
import type { StepRecord } from './steps.ts';
import { returnWorkflowId } from '../ids.ts';
import { mediatorAttributes } from '../search-attributes.ts';

/** The workflow type, and the name of its query. Its updates are `ReturnActions`. */
export const returnsMediator = {
  workflowType: 'returnsMediator',
  /** Query: answers with `ReturnProgress`. */
  progressQuery: 'getProgress',
} as const;

/** The argument that the returns mediator is started with. */
export interface StartReturn {
  readonly event: ReturnRequested;
  /** SHA-256 of the canonical body (RFC 8785), hexadecimal. */
  readonly bodyHash: string;
  readonly origin: EventOrigin;
  readonly mediatorClass: MediatorClass;
  readonly policy: ReturnPolicy;
}

/** The result of a return's workflow. A request that was refused ends it Failed instead. */
export interface ReturnOutcome {
  readonly requestId: string;
  readonly outcome: ReturnOutcomeName;
  /** The money that went back to the customer; null for none. */
  readonly refunded: Money | null;
}

/** The actions of people on a return. Each is an update of its workflow with the same name, and names the person. */
export interface ReturnActions {
  approve: { readonly actor: string };
  decline: { readonly actor: string; readonly reason: string };
  'parcel-received': { readonly actor: string };
  /** The accepted pieces of each title (they are refunded), and how many of those can be sold again. */
  inspect: { readonly actor: string; readonly lines: readonly InspectedLine[] };
}

export const returnActions = [
  'approve',
  'decline',
  'parcel-received',
  'inspect',
] as const satisfies readonly (keyof ReturnActions)[];

export type ReturnActionName = keyof ReturnActions;

/** The state that a return has to be in for each action. */
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
  /** 0 to the quantity that the return names. */
  readonly accepted: number;
  /** 0 to `accepted`. */
  readonly sellable: number;
}

/** The answer to an action: it is recorded, and this is the return's state at that moment. */
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
  /** ISO 8601: the instant it came to this state. */
  readonly since: string;
  /** ISO 8601: the end of its wait, see the policy; null when the wait has no end of its own. */
  readonly deadline: string | null;
  /** The number of reminders sent since then. */
  readonly reminders: number;
  /** The refund; null before the inspection. */
  readonly amount: Money | null;
  readonly inspected: readonly InspectedLine[] | null;
  readonly steps: readonly StepRecord[];
  /** The latest messages of processors that keep failing; null when none does. */
  readonly trouble: string | null;
  /** Sentences for people about requests that came too late, and mails that could not be sent. */
  readonly notes: readonly string[];
}

/** The start of the returns mediator: one workflow per request, for ever. */
export function returnStart(
  { body, bodyHash, origin, policies }: CheckedEvent<ReturnRequested>,
  mediatorClass: MediatorClass,
): WorkflowStart {
  const start: StartReturn = { event: body, bodyHash, origin, mediatorClass, policy: policies.return };
  const pieces = body.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    workflowId: returnWorkflowId(body.requestId),
    args: [start],
    memo: { bodyHash },
    typedSearchAttributes: [
      ...mediatorAttributes(body.customerId, mediatorClass),
      { key: { name: 'OrderId', type: 'KEYWORD' }, value: body.orderId },
    ],
    staticSummary: `${body.customerId}: return of ${pieces} of ${body.orderId}`,
  };
}
