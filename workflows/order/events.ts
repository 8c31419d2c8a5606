import type { CommandName } from '../../contracts/command-routes.ts';
import type { Failure } from '../../contracts/failures.ts';
import type { InventoryUpdated } from '../../contracts/inventory.ts';
import type { Amend } from '../../contracts/mediators/order-actions.ts';
import type { OrderOutcomeName, Suspicion } from '../../contracts/mediators/order-mediator.ts';
import type { OpenHold, RecoveredOrder } from '../../contracts/mediators/order-records.ts';
import type { StepNumber, StepRecord } from '../../contracts/mediators/steps.ts';
import type { OrderAmended } from '../../contracts/order-placement.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import type { Answers } from './state.ts';

/** A command that was not acknowledged. */
export interface CommandFailed {
  readonly command: CommandName;
  readonly step: StepNumber;
  readonly requestId: string;
  readonly failure: Failure;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Every event that moves an order, with what it carries. */
export interface OrderEvents {
  received: { readonly orderId: string; readonly recovered: RecoveredOrder | null };
  'step-begun': { readonly step: StepNumber };
  /** A command is about to be called; for one that was answered before, because of an amendment. */
  'command-begun': { readonly command: CommandName };
  answered: { readonly answers: Answers };
  'command-failed': CommandFailed;
  /** It was acknowledged, skipped, or done while it was held. */
  'command-over': { readonly requestId: string };
  /** Fraud is suspected of the order's customer. */
  suspected: Suspicion;
  'approval-wanted': { readonly at: number };
  'approval-unneeded': object;
  'hold-written': { readonly hold: OpenHold; readonly isRecovered: boolean; readonly failure: Failure | null };
  'reminder-due': { readonly hold: OpenHold; readonly number: number; readonly failure: Failure | null };
  'deadline-passed': { readonly hold: OpenHold };
  'hold-over': { readonly hold: OpenHold };
  approved: { readonly actor: string };
  'card-given': { readonly card: string; readonly actor: string | null };
  retried: { readonly actor: string };
  skipped: { readonly command: CommandName; readonly actor: string };
  /** `actor` is null for the customer. */
  'cancel-taken': { readonly why: string; readonly actor: string | null; readonly reason: string | null };
  'cancel-recorded': object;
  /** The order cannot go on. */
  'given-up': { readonly reason: string; readonly isRecorded?: boolean };
  'stock-allocated': object;
  'amendment-begun': { readonly amendment: Amend; readonly isRecovered: boolean };
  amended: {
    readonly amendment: Amend;
    readonly event: PlaceOrder;
    readonly priced: OrderAmended;
    readonly stock: InventoryUpdated | null;
  };
  /** `inventoryDiffers` when inventory may hold the lines of the amendment. */
  'amendment-refused': { readonly inventoryDiffers: boolean };
  'amendment-over': object;
  'compensation-begun': object;
  'compensation-called': { readonly requestId: string };
  'compensation-failed': CommandFailed;
  'compensation-done': { readonly requestId: string };
  ending: object;
  ended: { readonly outcome: OrderOutcomeName; readonly reason: string | null };
  'steps-logged': { readonly steps: readonly StepRecord[] };
  noted: { readonly sentence: string };
}

export type OrderEvent = {
  [Type in keyof OrderEvents]: { readonly type: Type } & OrderEvents[Type];
}[keyof OrderEvents];
