import type { MailBounced } from './mediators/customer-mediator.ts';
import type { HoldReason } from './mediators/holds.ts';
import type { Money } from './money.ts';
import type { PricedLine, Recipient } from './order-placement.ts';
import type { WentBack } from './payment.ts';
import type { Request, Command } from './command.ts';

/** The mails the shop sends about an order. */
export const orderMailKinds = ['confirmation', 'ready-to-ship', 'shipped', 'cancelled', 'held', 'reminder'] as const;

export type OrderMailKind = (typeof orderMailKinds)[number];

/** The mails the shop sends to a customer, about no order. */
export const customerMailKinds = ['welcome', 'order-refused'] as const;

export type CustomerMailKind = (typeof customerMailKinds)[number];

/** The mails the shop sends about a return. */
export const returnMailKinds = [
  'return-approved',
  'return-declined',
  'return-lapsed',
  'return-reminder',
  'return-refunded',
] as const;

export type ReturnMailKind = (typeof returnMailKinds)[number];

export type MailKind = OrderMailKind | ReturnMailKind | CustomerMailKind;

/** The header of every mail that says whose it is: a mail server that reports a bounce (`mail-bounced`) names it. */
export const customerHeader = 'X-Customer-ID';

/** Work done on `notification-queue`. Safe to repeat; guarantee 6 says how far a mail is sent once. */
export interface NotificationProcessor {
  /**
   * Sends one mail, text and HTML, under a Message-ID made of the `requestId`. Fact, when the mail was delivered:
   * `email-sent`, or `customer-emailed` when it is about no order.
   */
  emailCustomer(command: EmailCustomer): Promise<EmailSent>;
  /**
   * Records that a mail came back, once for each mail. Refused with `UnknownMail` when no such mail was sent to this
   * customer. Fact: `email-bounced`, or `customer-email-bounced` when the mail was about no order.
   */
  recordBounce(command: RecordBounce): Promise<BounceRecorded>;
}

export interface RecordBounce extends Request, MailBounced {}

export interface BounceRecorded {
  readonly messageId: string;
}

export type EmailCustomer = MailAboutOrder | MailAboutReturn | MailToCustomer;

export interface MailToCustomer extends Request {
  readonly kind: CustomerMailKind;
  readonly customerId: string;
  readonly to: Recipient;
  /** `order-refused`: why, as one sentence. */
  readonly reason?: string;
}

export interface MailAboutOrder extends Command {
  readonly kind: OrderMailKind;
  readonly customerId: string;
  readonly to: Recipient;
  readonly about: MailSubjectMatter;
}

export interface MailAboutReturn extends Command {
  readonly kind: ReturnMailKind;
  readonly customerId: string;
  readonly to: Recipient;
  readonly about: MailedReturn;
}

/** The content of a mail about a return. */
export interface MailedReturn {
  readonly returnId: string;
  /** The lines that are to go back; with `return-refunded` the accepted ones. */
  readonly lines: readonly PricedLine[];
  /** `return-declined`: the reason, as one sentence. */
  readonly reason?: string;
  /** `return-reminder`: the thing that the return waits for. */
  readonly waitsFor?: 'approval' | 'parcel' | 'inspection';
  /** `return-approved`, `return-reminder`: the deadline, ISO 8601; left out when the wait has none. */
  readonly deadline?: string;
  /** `return-refunded`: the amount that we gave back to the card; left out when it was nothing. */
  readonly refunded?: Money;
  /** `return-refunded`: what had gone back to the card already. */
  readonly already?: readonly WentBack[];
}

/** The content of a mail about an order. The kind of the mail decides which fields it uses. */
export interface MailSubjectMatter {
  readonly lines: readonly PricedLine[];
  readonly shipping: Money;
  readonly total: Money;
  /** `shipped` */
  readonly carrier?: string;
  readonly trackingNumber?: string;
  /** `cancelled`: the reason, as one sentence. */
  readonly reason?: string;
  /** `cancelled`: the amount that we gave back; left out when nothing was left to give back. */
  readonly refunded?: Money;
  /** `cancelled`: what had gone back to the card already. */
  readonly already?: readonly WentBack[];
  /** `held`, `reminder`: the hold that the mail is about. */
  readonly hold?: MailedHold;
}

/** A hold, as its customer is told of it. */
export interface MailedHold {
  readonly reason: Exclude<HoldReason, 'compensation'>;
  /** The processor's message, as one sentence. */
  readonly message: string;
  /** ISO 8601: the order is cancelled then, unless it is resumed. */
  readonly deadline: string;
}

export interface EmailSent {
  readonly messageId: string;
  /** False when the mail server refused this mail for good, as for a bad address. The order goes on without it. */
  readonly delivered: boolean;
}
