import { defineListener } from '../../broker-bridge/facts/listener.ts';

/**
 * Repeats each new price on core NATS, for those that listen just then, and has the last one of each title kept.
 * Playing the facts again fills a stream that was lost; a price that is there already, or a newer one, stays.
 */
export const listener = defineListener({
  name: 'price-ticker',
  about: 'publishes each new price, and keeps the last one of each title',
  schema: 'price_ticker',
  reads: { 'price-changed': ['isbn', 'price', 'before', 'prices'] },
  follows: 'some-facts',
  replay: 'again',
  tables: '',
  sends: ['prices'],
  apply: (tx, fact) => Promise.resolve(tx.send({ to: 'prices', fact })),
});
