import { ApplicationFailure } from '@temporalio/common';
import type { RefusalDetails, RefusalType } from '../contracts/failures.ts';
import { formatMoney } from '../contracts/money.ts';
import type { Outcome, Refusal } from '../prisma/stores/outcome.ts';

/** Makes the refusal that a mediator sees: not retried, told apart by its `type`, one sentence for people. */
export const refuse = <Type extends RefusalType>(
  type: Type,
  message: string,
  details: RefusalDetails[Type],
): ApplicationFailure => ApplicationFailure.create({ type, message, details: [details], nonRetryable: true });

/** The answer of an outcome; throws its refusal. */
export function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  if ('answer' in outcome) return outcome.answer;
  const { refusal } = outcome;
  throw refuse(refusal.type, sentence(refusal), refusal.details);
}

/** What each refusal says to people: what was wrong, and what is possible. */
function sentence(refusal: Refusal): string {
  switch (refusal.type) {
    case 'RequestIdTaken':
      return `The request id ${refusal.details.requestId} belongs to another request; take a new one.`;
    case 'UnknownCustomer':
      return `There is no customer ${refusal.details.customerId}.`;
    case 'UnknownTitle':
      return `The catalogue does not have ${refusal.details.isbns.join(', ')}.`;
    case 'PaymentDenied':
      return `The card was declined for ${formatMoney(refusal.details.amount)}: ${denials[refusal.details.reason]}.`;
    case 'OutOfStock':
      return `Not enough in stock: ${refusal.details.short.map(({ isbn, wanted, onHand }) => `${isbn} (${wanted} wanted, ${onHand} on hand)`).join(', ')}.`;
    case 'NotPackable':
      return `Nobody has written down what these titles weigh: ${refusal.details.isbns.join(', ')}.`;
    case 'Undeliverable':
      return `No carrier takes a parcel of ${refusal.details.heaviestParcelGrams} g to ${refusal.details.country}.`;
    case 'AlreadyUndone':
      return `The command ${refusal.details.requestId} came after its undo; it did nothing, or has reversed itself.`;
  }
}

const denials = {
  card_expired: 'the card has expired',
  insufficient_funds: 'there is not enough money on it',
  denied: 'its issuer said no',
  unknown_card: 'the gateway does not know it',
} as const;
