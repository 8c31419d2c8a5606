/**
 * The JetStream stream that keeps the last price of every title, for those that come late. A price is published on
 * `last-prices.<isbn>`; once the stream has it, the server repeats it on `prices.<isbn>` for those that listen just
 * then. So no one hears a price that the stream has refused because it knew a newer one. The first tokens differ,
 * because a user of NATS that may subscribe to `prices.*` may to `prices.>` as well.
 */
export const priceStream = {
  name: 'PRICES',
  subjects: ['last-prices.*'],
  republishedOn: 'prices.{{wildcard(1)}}',
} as const;

/** The subject on which a title's price is heard live, by core NATS; `*` for every title. */
export const livePrices = (isbn: string): string => `prices.${isbn}`;

/** The subject on which the stream keeps a title's last price; `*` for every title. */
export const lastPrices = (isbn: string): string => `last-prices.${isbn}`;
