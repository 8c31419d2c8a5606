import type { DeclineCode } from './store.ts';

/** The behaviour of a card. */
export type CardBehaviour =
  'ok' | 'flaky' | 'slow' | 'lost-reply' | 'flaky-refund' | { readonly declines: DeclineCode };

const cards: Readonly<Record<string, CardBehaviour>> = {
  card_ok: 'ok',
  card_flaky: 'flaky',
  card_slow: 'slow',
  card_lost_reply: 'lost-reply',
  card_refund_flaky: 'flaky-refund',
  card_expired: { declines: 'card_expired' },
  card_insufficient_funds: { declines: 'insufficient_funds' },
  card_denied: { declines: 'denied' },
};

/** The behaviour of the card with this token. A card that the gateway does not know is declined. */
export const behaviourOf = (token: string): CardBehaviour => (isKnown(token) ? (cards[token] ?? unknown) : unknown);

/** True also for a card that is declined. */
export const isKnown = (token: string): boolean => Object.hasOwn(cards, token);

const unknown: CardBehaviour = { declines: 'unknown_card' };

/** The issuer's sentence with each decline. */
export const declineMessages: Readonly<Record<DeclineCode, string>> = {
  card_expired: 'The card has expired.',
  insufficient_funds: 'The account does not hold enough.',
  denied: "The card's issuer said no.",
  unknown_card: 'There is no such card.',
};
