import type { EventOrigin } from './customer-events.ts';
import type { MediatorClass } from './initiating-events.ts';
import type { Duration } from './order-policy.ts';
import type { ReturnRequested } from './returns.ts';

/** The workflow type, and the names of what it answers to. What the updates take is `ReturnActions`. */
export const returnsMediator = {
  workflowType: 'returnsMediator',
  /** Query: answers with `ReturnProgress`. */
  progressQuery: 'getProgress',
} as const;

/** How long a return waits for people, and when somebody is reminded; data, see `config/return-policy.ts`. */
export interface ReturnPolicy {
  /** For the approval: declined when it is over. */
  readonly approval: { readonly deadline: Duration; readonly reminders: readonly Duration[] };
  /** For the parcel, from the approval on: the return lapses when it is over. */
  readonly parcel: { readonly deadline: Duration; readonly reminders: readonly Duration[] };
  /** When whoever inspects is reminded, from the parcel's arrival on; it has no deadline: the customer's goods are here. */
  readonly inspection: { readonly reminders: readonly Duration[] };
}

/** What the returns mediator is started with. */
export interface StartReturn {
  readonly event: ReturnRequested;
  readonly origin: EventOrigin;
  readonly mediatorClass: MediatorClass;
  readonly policy: ReturnPolicy;
}

/** Where a return stands. The first three after `received` wait for a person. */
export const returnStates = [
  'received',
  'awaiting-approval',
  'awaiting-parcel',
  'awaiting-inspection',
  'refunding',
  'completed',
  'declined',
  'lapsed',
] as const;

export type ReturnState = (typeof returnStates)[number];

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

export interface InspectedLine {
  readonly isbn: string;
  /** 0 to what was asked to go back. */
  readonly accepted: number;
  /** 0 to `accepted`. */
  readonly sellable: number;
}
