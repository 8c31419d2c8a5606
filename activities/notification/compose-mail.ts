import { formatMoney } from '../../contracts/money.ts';
import type { EmailCustomer, MailKind, MailSubjectMatter } from '../../contracts/notification.ts';
import { oneLine } from './escape.ts';
import { holdWording, reminderWording } from './hold-wording.ts';
import { renderHtml, renderText } from './layout.ts';
import type { Mail } from './mailer.ts';

/** Writes the mail that a command asks for. Pure. */
export function composeMail({ kind, orderId, to, about }: EmailCustomer): Omit<Mail, 'messageId'> {
  const { subject, sentences } = wording[kind](orderId, about);
  const content = { greeting: `Dear ${oneLine(to.name)},`, sentences, about, withLines: kind !== 'shipped' };
  return {
    to: { name: oneLine(to.name), address: oneLine(to.email) },
    subject: oneLine(subject),
    text: renderText(content),
    html: renderHtml(content),
  };
}

interface Wording {
  readonly subject: string;
  readonly sentences: readonly string[];
}

const wording: Readonly<Record<MailKind, (orderId: string, about: MailSubjectMatter) => Wording>> = {
  confirmation: (orderId, { total }) => ({
    subject: `We have your order ${orderId}`,
    sentences: [`Thank you for your order ${orderId}.`, `It comes to ${formatMoney(total)}, shipping included.`],
  }),
  'ready-to-ship': (orderId) => ({
    subject: `Your order ${orderId} is packed`,
    sentences: [`Your order ${orderId} is packed and will be handed to the carrier.`],
  }),
  shipped: (orderId, { carrier, trackingNumber }) => ({
    subject: `Your order ${orderId} is on its way`,
    sentences: [
      `Your order ${orderId} is on its way${carrier ? ` with ${carrier}` : ''}.`,
      ...(trackingNumber ? [`Its tracking number is ${trackingNumber}.`] : []),
    ],
  }),
  cancelled: (orderId, { reason, refunded }) => ({
    subject: `Your order ${orderId} was cancelled`,
    sentences: [
      `We are sorry: your order ${orderId} was cancelled.`,
      ...(reason ? [reason] : []),
      refunded ? `We have given back ${formatMoney(refunded)} to your card.` : 'Your card has not been charged.',
    ],
  }),
  held: (orderId, { hold }) => holdWording(orderId, hold),
  reminder: (orderId, { hold }) => reminderWording(orderId, hold),
};
