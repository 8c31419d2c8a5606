import type { Address } from './address.ts';
import type { FactName } from './facts.ts';
import type { MediatorClass } from './initiating-event.ts';
import type { HoldReason } from './mediators/holds.ts';
import type { OrderState, Progress } from './mediators/order-mediator.ts';
import type { RecordAction } from './mediators/order-records.ts';
import type { AuditStepName, CaseState, DeadLetter } from './mediators/repair.ts';
import type { RecordReturnAction } from './mediators/return-records.ts';
import type { ReturnProgress } from './mediators/returns-mediator.ts';
import type { StepNumber, StepRecord } from './mediators/steps.ts';
import type { OrderLine } from './place-order.ts';

/* Orders, repair cases, returns and mails as the reads of `app/` give them. Client and desk show them. */

/** The sort orders of a list of orders. `waiting` lists held orders only, the longest wait first. */
export const orderSorts = ['newest', 'oldest', 'customer', 'waiting'] as const;

export type OrderSort = (typeof orderSorts)[number];

/** Selects orders; every given field has to fit. */
export interface OrderFilter {
  readonly state?: OrderState;
  /** The reason of a hold that has not ended. */
  readonly holdReason?: HoldReason;
  /** The beginning of an order id or request id (4 characters and more), or a whole customer id. */
  readonly q?: string;
}

/** An order as `list --json` prints it. Scripts rely on these names. */
export interface OrderSummary extends Pick<
  Progress,
  'requestId' | 'customerId' | 'state' | 'step' | 'holds' | 'total'
> {
  readonly orderId: string;
  readonly workflowId: string;
  /** The reason of the oldest hold; null when it waits for nothing. */
  readonly holdReason: HoldReason | null;
}

/** An order as `show --json` prints it. */
export interface OrderView extends OrderSummary, OrderContents {
  /** Why it was or is being compensated; null otherwise. */
  readonly reason: string | null;
  readonly steps: readonly StepRecord[];
  /** The facts as the order timeline, a listener, received them. */
  readonly facts: readonly RecordedFact[];
  /** The actions on it, oldest first. */
  readonly actions: readonly RecordedAction[];
  /** Requests that came too late to be done. */
  readonly notes: readonly string[];
}

/** The contents of an order as it was placed or last amended, and its shipment. */
export interface OrderContents {
  /** By ISBN, each with its title when it was ordered; none before step 1. */
  readonly lines: readonly (OrderLine & { readonly title: string })[];
  /** Null before step 1. */
  readonly shipTo: Address | null;
  /** Null until a carrier has the order, and once the shipment was recalled. */
  readonly shipment: Shipment | null;
  /** Since when mails do not reach the customer, ISO 8601; null while that is not known. */
  readonly unreachableSince: string | null;
}

/** The carrier of an order by its name, with the tracking number. */
export interface Shipment {
  readonly carrier: string;
  readonly method: string;
  readonly trackingNumber: string;
}

/** A fact of an order. */
export interface RecordedFact {
  readonly name: FactName;
  readonly sequence: number;
  /** The instant it happened, ISO 8601 in UTC. */
  readonly at: string;
}

/** A recorded action on an order. */
export interface RecordedAction extends Pick<RecordAction, 'actionId' | 'action' | 'actor' | 'details'> {
  /** ISO 8601. */
  readonly at: string;
}

/** A row of the desk's table of orders, as PostgreSQL knows it without asking any mediator. */
export interface OrderRow extends Omit<OrderSummary, 'holds'> {
  readonly mediatorClass: MediatorClass;
  /** Derived from facts and holds; the order's own page has the mediator's exact step. */
  readonly step: StepNumber;
  /** The beginning of the oldest hold, ISO 8601 to the microsecond; null when it waits for nothing. */
  readonly heldSince: string | null;
  /** ISO 8601, to the microsecond. */
  readonly receivedAt: string;
  readonly finishedAt: string | null;
}

/** A repair case, without its message. */
export interface RepairCase extends Pick<
  DeadLetter,
  'caseId' | 'consumer' | 'subject' | 'reason' | 'message' | 'customerId'
> {
  readonly state: CaseState;
  /** The rules that were applied, as `name@version`, joined by `, `; null when none was. */
  readonly rule: string | null;
  readonly owner: string | null;
  /** ISO 8601. */
  readonly openedAt: string;
  /** ISO 8601; null unless it waits for a person. */
  readonly waitingSince: string | null;
  /** ISO 8601; null until it is repaired or discarded. */
  readonly closedAt: string | null;
  readonly resubmissions: number;
}

/** One step of a case, as the audit trail has it. */
export interface CaseStep {
  readonly step: AuditStepName;
  /** The person who took it; null for the workflow processor itself. */
  readonly actor: string | null;
  /** Bodies appear as hashes only. */
  readonly details: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly at: string;
}

/** A return as the returns mediator's records have it. */
export interface ListedReturn extends Omit<ReturnProgress, 'steps' | 'notes'> {
  /** The reason, in the customer's words. */
  readonly reason: string;
  /** The lines that are to go back. */
  readonly lines: readonly OrderLine[];
  readonly workflowId: string;
  /** True when the return has ended. */
  readonly isFinished: boolean;
  /** The actions on it, oldest first. */
  readonly actions: readonly ReturnActionRecorded[];
}

/** A recorded action on a return. */
export interface ReturnActionRecorded extends Pick<RecordReturnAction, 'actionId' | 'action' | 'actor' | 'details'> {
  /** ISO 8601. */
  readonly at: string;
}

/** A mail as notification keeps it: its customer, kind and instants (ISO 8601); never its text. */
export interface MailRow {
  readonly requestId: string;
  /** Null for a mail about no order. */
  readonly orderId: string | null;
  readonly customerId: string;
  readonly kind: string;
  readonly intendedAt: string;
  /** Null while it is on its way, and when it was refused. */
  readonly sentAt: string | null;
  /** The instant at which the mail server refused it for good. */
  readonly refusedAt: string | null;
  /** The instant at which we heard that it came back, after it was sent. */
  readonly bouncedAt: string | null;
  /** Why it came back, as RFC 3463 has it: `5.1.1`. */
  readonly bounceStatus: string | null;
}

/** A key whose next fact the broker never takes as it is, so that its later ones wait. */
export interface ShutKey {
  readonly key: string;
  readonly fact: string;
  /** Why, as one sentence. */
  readonly why: string;
  /** The facts of the key that are not published. */
  readonly facts: number;
}

/** A listener of facts as `listeners --json` prints it. */
export interface ListenerView {
  readonly name: string;
  readonly state: 'listens' | 'paused';
  /** The facts that it has not done with yet. */
  readonly waiting: number;
  /** The age of the oldest of them; null when none waits. */
  readonly oldestSeconds: number | null;
}
