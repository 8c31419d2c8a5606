import { createHash } from 'node:crypto';
import { formatMoney } from '../../contracts/money.ts';
import type {
  CustomerMailKind,
  EmailCustomer,
  MailAboutOrder,
  MailSubjectMatter,
  MailToCustomer,
  OrderMailKind,
} from '../../contracts/notification.ts';
import { legibleLine } from '../../contracts/reading/legible.ts';
import { holdWording, moneyBack, reminderWording, type Wording } from './hold-wording.ts';
import { renderHtml, renderText } from './layout.ts';
import type { Mail } from './mailer.ts';
import { isAboutReturn, returnWording } from './return-wording.ts';

/** Writes the mail that a command asks for. Pure. `shopUrl` is the page of an order, with `{orderId}` in it. */
export function composeMail(command: EmailCustomer, shopUrl?: string): Omit<Mail, 'messageId'> {
  const { subject, sentences, link, listed } = wordsOf(command, shopUrl);
  const { customerId, to } = command;
  const content = { greeting: `Dear ${legibleLine(to.name)},`, sentences, link, listed };
  return {
    customerId,
    to: { name: legibleLine(to.name), address: legibleLine(to.email) },
    subject: legibleLine(subject),
    text: renderText(content),
    html: renderHtml(content),
  };
}

function wordsOf(
  command: EmailCustomer,
  shopUrl: string | undefined,
): Wording & { readonly listed: MailSubjectMatter | undefined } {
  if (!('orderId' in command)) return toCustomer(command);
  return isAboutReturn(command) ? { ...returnWording(command), listed: undefined } : aboutOrder(command, shopUrl);
}

const aboutOrder = ({ kind, orderId, about }: MailAboutOrder, shopUrl: string | undefined) => ({
  ...wording[kind](orderId, about, shopUrl),
  listed: kind === 'shipped' ? undefined : about,
});

const toCustomer = (command: MailToCustomer) => ({
  ...customerWording[command.kind](command),
  listed: undefined,
});

const customerWording: Readonly<Record<CustomerMailKind, (command: MailToCustomer) => Wording>> = {
  welcome: ({ customerId }) => ({
    subject: 'Welcome to the bookshop',
    sentences: [
      'Welcome to the bookshop: you can order from now on.',
      `Your customer number is ${customerId}; please give it whenever you write to us.`,
    ],
  }),
  'order-refused': ({ reason }) => ({
    subject: 'We could not take your order',
    sentences: [
      'We are sorry: we could not take your order as it came.',
      ...(reason ? [reason] : []),
      'Nothing was charged. We look into it; you may also order again.',
    ],
  }),
};

const wording: Readonly<
  Record<OrderMailKind, (orderId: string, about: MailSubjectMatter, shopUrl?: string) => Wording>
> = {
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
  cancelled: (orderId, { reason, refunded, already }) => ({
    subject: `Your order ${orderId} was cancelled`,
    sentences: [
      `We are sorry: your order ${orderId} was cancelled.`,
      ...(reason ? [reason] : []),
      ...(refunded || already ? moneyBack(refunded, already) : ['Your card has not been charged.']),
    ],
  }),
  held: (orderId, { hold }, shopUrl) => holdWording(orderId, hold, shopUrl),
  reminder: (orderId, { hold }, shopUrl) => reminderWording(orderId, hold, shopUrl),
};

/** The Message-ID of a request id's mail: always the same, and made only of characters that a header allows. */
export const messageIdOf = (requestId: string): string =>
  `<${createHash('sha256').update(requestId).digest('hex').slice(0, 40)}@order-mediator.example>`;
