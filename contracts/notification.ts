import type { Command } from './commands.ts';
import type { HoldReason } from './holds.ts';
import type { Money } from './money.ts';
import type { PricedLine, Recipient } from './order-placement.ts';

/** The mails the shop sends about an order. */
export const mailKinds = ['confirmation', 'ready-to-ship', 'shipped', 'cancelled', 'held', 'reminder'] as const;

export type MailKind = (typeof mailKinds)[number];

/** Work done on `notification-queue`. Safe to repeat: see guarantee 6 for what "once" can mean for mail. */
export interface NotificationProcessor {
  /** Sends one mail, text and HTML, under a Message-ID made of the `requestId`. Fact: `email-sent`, when it was delivered. */
  emailCustomer(command: EmailCustomer): Promise<EmailSent>;
}

export interface EmailCustomer extends Command {
  readonly kind: MailKind;
  readonly customerId: string;
  readonly to: Recipient;
  readonly about: MailSubjectMatter;
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
  readonly reason: Exclude<HoldReason, 'undo'>;
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
