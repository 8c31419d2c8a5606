/** The currencies the shop sells in (ISO 4217). All three have two decimals: one major unit is 100 minor units. */
export const currencies = ['EUR', 'USD', 'GBP'] as const;

/** The ISO 4217 code of a currency the shop sells in. */
export type Currency = (typeof currencies)[number];

/** An amount of money: whole minor units (cents, pence) with their currency. Never a fraction, never a bare number. */
export interface Money {
  readonly amount: number;
  readonly currency: Currency;
}

/** The highest price of one piece, in minor units: 9,999,999.99. */
export const highestPrice = 999_999_999;

/** An amount and its currency as they stand in a row: both, or neither. */
export const moneyOf = (amount: number | null, currency: Currency | null): Money | null =>
  amount !== null && currency !== null ? { amount, currency } : null;

/** `{ amount: 2490, currency: 'EUR' }` as `EUR 24.90`. */
export const formatMoney = ({ amount, currency }: Money): string =>
  `${currency} ${amount < 0 ? '-' : ''}${Math.floor(Math.abs(amount) / 100)}.${String(Math.abs(amount) % 100).padStart(2, '0')}`;
