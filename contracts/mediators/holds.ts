import type { RefusalType } from '../failures.ts';
import type { CommandName } from '../command-routes.ts';
import type { StepNumber } from './steps.ts';

/**
 * Why an order waits. `approval`: its total is above the policy's limit, or fraud is suspected; `payment`, `stock`,
 * `address` and `packing` follow from a refusal; `fault`: a processor failed past its retry time; `compensation`: a
 * compensation keeps failing (it is called again by itself, without a deadline).
 */
export const holdReasons = ['approval', 'payment', 'stock', 'address', 'packing', 'fault', 'compensation'] as const;

export type HoldReason = (typeof holdReasons)[number];

/**
 * A command at which an order waits, with the reason, the deadline and the ways out. Two commands of one step may be
 * held at once.
 */
export interface Hold {
  readonly reason: HoldReason;
  readonly step: StepNumber;
  /** The command that cannot be done now. */
  readonly command: CommandName;
  /** The processor's words, as one sentence for people. */
  readonly message: string;
  /** The ways out, as one sentence for people. */
  readonly help: string;
  /** ISO 8601. */
  readonly since: string;
  /** ISO 8601: the order is compensated then, unless it is resumed; null when there is no deadline. */
  readonly deadline: string | null;
}

/**
 * The refusals that hold the order, because people can put them right. Every other refusal compensates the order, or
 * refuses it at step 1.
 */
export const heldFor: { readonly [Type in RefusalType]?: HoldReason } = {
  PaymentDenied: 'payment',
  OutOfStock: 'stock',
  NotPackable: 'packing',
  Undeliverable: 'address',
};

/** The ways out of each hold, as one sentence for people. */
export const helpWith: { readonly [Reason in HoldReason]: string } = {
  approval: 'Approve it, amend the lines, or cancel the order.',
  payment: 'Pay with another card, amend the order, or cancel it.',
  stock: 'Wait for the delivery, amend the lines, or cancel the order.',
  address: 'Amend the address, or cancel the order.',
  packing: 'Write down what the titles weigh and retry, amend the lines, or cancel the order.',
  fault: 'Put the processor right and retry, or cancel the order.',
  compensation: 'Put the processor right: the compensation is asked again by itself.',
};

/** The reason of a compensation that begins at a hold's deadline. */
export const expiryOf: { readonly [Reason in Exclude<HoldReason, 'compensation'>]: string } = {
  approval: 'It was not approved in time.',
  payment: 'It was not paid in time.',
  stock: 'The titles did not come in time.',
  address: 'No address that a carrier delivers to was given in time.',
  packing: 'It could not be packed in time.',
  fault: 'It could not be carried out in time.',
};

/** The ways out of a fault at a command that may be skipped. */
export const helpWithSkippable =
  'Put the processor right and retry, skip it, or cancel the order; at the deadline it is skipped.';

/**
 * The commands that an operator may skip when they keep failing: the order is whole without them. At the deadline of
 * such a hold the command is left out. Any other hold compensates the order then, but no parcel is recalled because of
 * a mail.
 */
export const skippable: readonly CommandName[] = ['email-customer', 'order-stock'];
