import { formatMoney, type Money } from '../../contracts/money.ts';
import type { MailedHold } from '../../contracts/notification.ts';
import type { WentBack } from '../../contracts/payment.ts';

/** The words of a mail. Plain text, not yet escaped. */
export interface Wording {
  readonly subject: string;
  readonly sentences: readonly string[];
  /** The page where the customer can do what the mail is about. */
  readonly link?: string;
}

interface HoldWording extends Wording {
  /** The way for a customer when the shop has no page; left out when there is nothing for the customer to do. */
  readonly byMail?: string;
}

/**
 * The customer's view of a hold: its reason, the possible action and the way to do it, the deadline, and the
 * consequence of missing it. `shopUrl` is the page of an order, with `{orderId}` in it.
 */
export function holdWording(orderId: string, hold: MailedHold | undefined, shopUrl?: string): Wording {
  if (!hold) return { subject: `Your order ${orderId} is waiting`, sentences: [`Your order ${orderId} is waiting.`] };
  const { subject, sentences, byMail } = wording[hold.reason](orderId, hold.message);
  const until = `We wait until ${inPlainEnglish(hold.deadline)}.`;
  if (byMail === undefined) return { subject, sentences: [...sentences, until, ending] };
  if (shopUrl === undefined) return { subject, sentences: [...sentences, byMail, until, ending] };
  const link = shopUrl.replaceAll('{orderId}', encodeURIComponent(orderId));
  return { subject, sentences: [...sentences, until, ending], link };
}

/** The sentences about money that went back to the card: without us first, then by us. None when nothing did. */
export const moneyBack = (refunded: Money | undefined, already: readonly WentBack[] = []): readonly string[] => [
  ...already.map(
    ({ amount, at }) => `${formatMoney(amount)} had gone back to your card already on ${inPlainEnglish(at)}.`,
  ),
  ...(refunded ? [`We have given back ${formatMoney(refunded)} to your card.`] : []),
];

/** The same words again, marked as a reminder. */
export function reminderWording(orderId: string, hold: MailedHold | undefined, shopUrl?: string): Wording {
  const { subject, sentences, ...rest } = holdWording(orderId, hold, shopUrl);
  return { subject: `Reminder: ${subject}`, sentences: ['This is a reminder.', ...sentences], ...rest };
}

const ending =
  'If nothing has happened by then, we cancel the order, give back whatever was charged for it, and tell you.';

const answerThis = 'Please answer this mail, and we do it for you.';

/** A delay on our side names no cause: our own error messages would not help the customer. */
const ourDelay = (orderId: string): HoldWording => ({
  subject: `Your order ${orderId} is delayed`,
  sentences: [
    `Your order ${orderId} is delayed, and the delay is on our side.`,
    'You need not do anything: we are working on it, and it goes on as soon as we can.',
  ],
});

const wording: Readonly<Record<MailedHold['reason'], (orderId: string, message: string) => HoldWording>> = {
  approval: (orderId) => ({
    subject: `Your order ${orderId} is being looked at`,
    sentences: [
      `One of us looks at your order ${orderId} before it goes on.`,
      'You need not do anything. If you would rather not wait, you may change its lines, or cancel it.',
    ],
    byMail: answerThis,
  }),
  payment: (orderId, message) => ({
    subject: `We could not charge your order ${orderId}`,
    sentences: [
      `Your order ${orderId} is waiting for its payment.`,
      message,
      'Please give us a new card, or another way to pay.',
    ],
    byMail: 'Please answer this mail, and we tell you how; never put the number of a card into a mail.',
  }),
  stock: (orderId, message) => ({
    subject: `Your order ${orderId} is waiting for titles`,
    sentences: [
      `Your order ${orderId} is waiting for titles that we are out of.`,
      message,
      'You need not do anything: it goes on when they come in. If you would rather not wait, you may change its lines, or cancel it.',
    ],
    byMail: answerThis,
  }),
  address: (orderId, message) => ({
    subject: `We cannot deliver your order ${orderId} to its address`,
    sentences: [
      `Your order ${orderId} cannot be delivered to the address we have.`,
      message,
      'Please give us another one.',
    ],
    byMail: answerThis,
  }),
  packing: ourDelay,
  fault: ourDelay,
};

const days = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

const times = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** An instant as people write it: `Thursday 26 November 2026 at 07:10 UTC`. */
export function inPlainEnglish(instant: string): string {
  const at = new Date(instant);
  return `${days.format(at).replaceAll(',', '')} at ${times.format(at)} UTC`;
}
