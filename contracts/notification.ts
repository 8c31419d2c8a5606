import type { HoldReason } from './mediators/holds.ts';
import type { Money } from './money.ts';
import type { PricedLine, Recipient } from './order-placement.ts';
import type { Request, Command } from './command.ts';

/** The mails the shop sends about an order. */
export const orderMailKinds = ['confirmation', 'ready-to-ship', 'shipped', 'cancelled', 'held', 'reminder'] as const;

export type OrderMailKind = (typeof orderMailKinds)[number];

/** The mails the shop sends to a customer, about no order. */
export type CustomerMailKind = 'welcome';

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

/** Work done on `notification-queue`. Safe to repeat: see guarantee 6 for what "once" can mean for mail. */
export interface NotificationProcessor {
  /** Sends one mail, text and HTML, under a Message-ID made of the `requestId`. Fact, when it was delivered: `email-sent`, or `customer-emailed` when it is about no order. */
  emailCustomer(command: EmailCustomer): Promise<EmailSent>;
}

export type EmailCustomer = MailAboutOrder | MailAboutReturn | MailToCustomer;

export interface MailToCustomer extends Request {
  readonly kind: CustomerMailKind;
  readonly customerId: string;
  readonly to: Recipient;
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

/** What a mail about a return tells. */
export interface MailedReturn {
  readonly returnId: string;
  /** What is to go back; with `return-refunded` what was accepted. */
  readonly lines: readonly PricedLine[];
  /** `return-declined`: why, as one sentence. */
  readonly reason?: string;
  /** `return-reminder`: what the return waits for. */
  readonly waitsFor?: 'approval' | 'parcel' | 'inspection';
  /** `return-approved`, `return-reminder`: ISO 8601, when it ends by itself; absent when it does not. */
  readonly deadline?: string;
  /** `return-refunded`: what went back to the card; absent when nothing did. */
  readonly refunded?: Money;
}

/** What a mail may tell; which of it a mail uses depends on its kind. */
export interface MailSubjectMatter {
  readonly lines: readonly PricedLine[];
  readonly shipping: Money;
  readonly total: Money;
  /** `shipped` */
  readonly carrier?: string;
  readonly trackingNumber?: string;
  /** `cancelled`: one sentence. */
  readonly reason?: string;
  /** `cancelled`: what was given back; absent when nothing had been charged. */
  readonly refunded?: Money;
  /** `held`, `reminder`: what the order waits for. */
  readonly hold?: MailedHold;
}

/** What a customer is told of a hold. */
export interface MailedHold {
  readonly reason: Exclude<HoldReason, 'compensation'>;
  /** What the processor said: one sentence. */
  readonly message: string;
  /** ISO 8601: when the order is cancelled if nothing happens. */
  readonly deadline: string;
}

export interface EmailSent {
  readonly messageId: string;
  /** False when the mail server refused this mail for good (a bad address, say): the order goes on without it, and there is no fact. */
  readonly delivered: boolean;
}
