import { ApplicationFailure } from '@temporalio/common';
import {
  lastingFault,
  type NotReturnableLine,
  type RefusalDetails,
  type RefusalType,
  type ShortTitle,
  type UnpricedTitle,
} from '../../contracts/failures.ts';
import { formatMoney } from '../../contracts/money.ts';
import type { Query } from '../../prisma/statement.ts';
import type { Database } from '../../prisma/database.ts';
import { AnswerPruned, outcomeOf, type AnswerSchema, type CommandQuery, type Outcome } from '../../prisma/outcome.ts';

/** Makes the refusal that a mediator sees: not retried, identified by its `type`, with one sentence for people. */
const refuse = <Type extends RefusalType>(
  type: Type,
  message: string,
  details: RefusalDetails[Type],
): ApplicationFailure => ApplicationFailure.create({ type, message, details: [details], nonRetryable: true });

/** The answer of an outcome; throws its refusal. */
export function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  if ('answer' in outcome) return outcome.answer;
  const { type, details } = outcome.refusal;
  throw refuse(type, sentence(type, details), details);
}

/**
 * Answers commands of which each effect is one statement: runs it, after its locks, and throws its refusal. That the
 * answer was pruned is a lasting fault: asking again does not bring it back.
 */
export const answering =
  (database: Database, schema: AnswerSchema) =>
  async <Answer>(
    { requestId }: { readonly requestId: string },
    query: CommandQuery<Answer>,
    locks: readonly Query<unknown>[] = [],
  ): Promise<Answer> =>
    answerOf(await outcomeOf(database, { schema, requestId, query, locks }).catch(lastingWhenPruned));

function lastingWhenPruned(error: unknown): never {
  throw error instanceof AnswerPruned ? ApplicationFailure.nonRetryable(error.message, lastingFault) : error;
}

/** The sentences of the refusals for people: the reason, and the possible next step. */
const sentences: { readonly [Type in RefusalType]: (details: RefusalDetails[Type]) => string } = {
  RequestIdTaken: ({ requestId }) => `The request id ${requestId} belongs to another request; take a new one.`,
  CustomerBusy: ({ customerId }) =>
    `An earlier event of the customer ${customerId} is being handled; this one waits for it.`,
  UnknownCustomer: ({ customerId }) => `There is no customer ${customerId}.`,
  UnknownTitle: ({ isbns, unpriced = [] }) =>
    [
      ...(isbns.length > 0 ? [`The catalogue does not have ${isbns.join(', ')}.`] : []),
      ...unpriced.map(unpricedOf),
    ].join(' '),
  UnknownMail: ({ messageId, customerId }) =>
    `No mail ${messageId} was sent to the customer ${customerId}: what bounced is not ours.`,
  CustomerIdTaken: ({ customerId }) =>
    `The customer id ${customerId} is registered with another name or mail address: take another id, or send those.`,
  NotReturnable: ({ orderId, why, lines }) =>
    why === 'too-many' ? tooMany(orderId, lines) : notReturnable[why](orderId),
  PaymentDenied: ({ reason, amount }) => `The card was declined for ${formatMoney(amount)}: ${denials[reason]}.`,
  OutOfStock: ({ short }) => `Not enough in stock: ${short.map(shortOf).join(', ')}.`,
  NotPackable: ({ isbns }) => `Nobody has written down what these titles weigh: ${isbns.join(', ')}.`,
  Undeliverable: ({ country, heaviestParcelGrams }) =>
    `No carrier takes a parcel of ${heaviestParcelGrams} g to ${country}.`,
  UnknownCard: () => 'The card gateway does not know this card; give another one.',
  Superseded: ({ requestId }) =>
    `The command ${requestId} came after one of a later round, which counts; it did nothing, or has reversed itself.`,
  AlreadyUndone: ({ requestId }) =>
    `The command ${requestId} came after its compensation; it did nothing, or has reversed itself.`,
};

const sentence = <Type extends RefusalType>(type: Type, details: RefusalDetails[Type]): string =>
  sentences[type](details);

const unpricedOf = ({ isbn, currency, soldIn }: UnpricedTitle): string =>
  `${isbn} has no price in ${currency}, ${soldIn.length > 0 ? `only in ${soldIn.join(', ')}` : 'nor in any other currency'}.`;

const shortOf = ({ isbn, wanted, onHand }: ShortTitle): string => `${isbn} (${wanted} wanted, ${onHand} on hand)`;

const returnOf = ({ isbn, asked, possible }: NotReturnableLine): string =>
  `${isbn} (${asked} asked, ${possible} possible)`;

function tooMany(orderId: string, lines: readonly NotReturnableLine[]): string {
  const [had, others] = [lines.filter(({ bought }) => bought > 0), lines.filter(({ bought }) => bought === 0)];
  return [
    ...(had.length > 0
      ? [`More is to go back than was bought and is not going back already: ${had.map(returnOf).join(', ')}.`]
      : []),
    ...(others.length > 0 ? [`The order ${orderId} did not have ${others.map(({ isbn }) => isbn).join(', ')}.`] : []),
  ].join(' ');
}

const notReturnable = {
  'unknown-order': (orderId: string) => `This customer has no order ${orderId}.`,
  cancelled: (orderId: string) => `The order ${orderId} was cancelled: nothing of it can go back.`,
  'not-completed': (orderId: string) => `The order ${orderId} is not completed; only what was delivered can go back.`,
} as const;

const denials = {
  card_expired: 'the card has expired',
  insufficient_funds: 'there is not enough money on it',
  denied: 'its issuer said no',
  unknown_card: 'the gateway does not know it',
} as const;
