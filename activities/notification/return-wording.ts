import {
  returnMailKinds,
  type EmailCustomer,
  type MailAboutReturn,
  type MailedReturn,
  type ReturnMailKind,
} from '../../contracts/notification.ts';
import type { PricedLine } from '../../contracts/order-placement.ts';
import { inPlainEnglish, moneyBack, type Wording } from './hold-wording.ts';

/** True when the mail is about a return. */
export const isAboutReturn = (command: EmailCustomer): command is MailAboutReturn =>
  (returnMailKinds as readonly string[]).includes(command.kind);

/** Writes the mail about a return to the customer. Pure. */
export const returnWording = ({ kind, orderId, about }: MailAboutReturn): Wording =>
  wording[kind](`${about.returnId} of your order ${orderId}`, about);

const wording: Readonly<Record<ReturnMailKind, (name: string, about: MailedReturn) => Wording>> = {
  'return-approved': (name, { lines, deadline }) => ({
    subject: `Please send back: return ${name}`,
    sentences: [
      `Your return ${name} is approved.`,
      `Please send back ${list(lines)}, with the number of the return on the parcel.`,
      ...(deadline ? [`The parcel should be with us by ${inPlainEnglish(deadline)}.`] : []),
    ],
  }),
  'return-declined': (name, { reason }) => ({
    subject: `Your return ${name} is declined`,
    sentences: [`We are sorry: your return ${name} is declined.`, ...(reason ? [reason] : [])],
  }),
  'return-lapsed': (name) => ({
    subject: `Your return ${name} has lapsed`,
    sentences: [`No parcel of your return ${name} has come, so it has lapsed.`, 'You may ask for another one.'],
  }),
  'return-reminder': (name, { waitsFor = 'approval', deadline }) => ({
    subject: `Reminder: your return ${name}`,
    sentences: ['This is a reminder.', ...waiting[waitsFor](name, deadline)],
  }),
  'return-refunded': (name, { lines, refunded, already }) => ({
    subject: `Your return ${name} is done`,
    sentences: [
      `We have looked at what you sent back for your return ${name}.`,
      ...(lines.length > 0 ? [`We take back ${list(lines)}.`, ...moneyFor(refunded, already)] : nothingTaken),
    ],
  }),
};

const nothingTaken = [
  'We cannot take back any of it.',
  'Nothing is given back to your card; ask us if you would like the parcel sent to you again.',
];

function moneyFor(refunded: MailedReturn['refunded'], already: MailedReturn['already']): readonly string[] {
  const went = moneyBack(refunded, already);
  return went.length > 0
    ? went
    : ['Nothing is left to give back: all that you paid had gone back to your card already.'];
}

const waiting = {
  approval: (name: string) => [`We are still looking at your return ${name}; you need not do anything.`],
  parcel: (name: string, deadline: string | undefined) => [
    `We are waiting for the parcel of your return ${name}.`,
    ...(deadline ? [`It should be with us by ${inPlainEnglish(deadline)}; the return lapses then.`] : []),
  ],
  inspection: (name: string) => [
    `The parcel of your return ${name} is here, and we have still to look at it; you need not do anything.`,
  ],
} as const;

const list = (lines: readonly PricedLine[]): string =>
  lines.map(({ quantity, title }) => `${quantity} x ${title}`).join(', ');
