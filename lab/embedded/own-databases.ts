import type { Log } from '../../broker-bridge/component.ts';
import { defineListener } from '../../broker-bridge/facts/listener.ts';
import { startListener, type ListenerOptions } from '../../broker-bridge/facts/start-listener.ts';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import { startRelay } from '../../broker-bridge/outbox/relay.ts';
import { createOrderPlacementProcessor } from '../../activities/order-placement/processor.ts';
import { openDatabase } from '../../prisma/database.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/**
 * Hears of prices, and keeps in its own database which titles have become cheaper. It asks no
 * other part, and is asked by none.
 */
const offers = defineListener({
  name: 'offers',
  about: 'keeps which titles have become cheaper',
  schema: 'offers',
  reads: { 'price-changed': ['isbn', 'price', 'before'] },
  follows: 'every-fact-of-a-key',
  replay: 'rebuild',
  tables:
    'CREATE TABLE IF NOT EXISTS offers.offer (isbn text PRIMARY KEY, amount bigint NOT NULL, saved bigint NOT NULL)',
  async apply(tx, { key, body: { price, before } }) {
    const saved = before.amount - price.amount;
    await tx.execute(saved > 0 ? keepOffer(key, price.amount, saved) : endOffer(key));
  },
});

const keepOffer = statement(
  'lab.offers-keep',
  {},
  (isbn: string, amount: number, saved: number) => sql`
    INSERT INTO offers.offer (isbn, amount, saved) VALUES (${isbn}, ${amount}::bigint, ${saved}::bigint)
    ON CONFLICT (isbn) DO UPDATE SET amount = excluded.amount, saved = excluded.saved`,
);

const endOffer = statement('lab.offers-end', {}, (isbn: string) => sql`DELETE FROM offers.offer WHERE isbn = ${isbn}`);

interface Service extends Pick<ListenerOptions, 'deadLetters'> {
  readonly broker: Broker;
  readonly log: Log;
  /** One database for each processor: `prices` has the shop's tables and an outbox, `offers` may be empty. */
  readonly databaseUrls: { readonly prices: string; readonly offers: string };
}

/**
 * A microservice that is event-driven inside. From outside it has one request, `changePrice`. Inside are two processors
 * with a database each: the first writes the price and its fact in one transaction, the relay broadcasts the fact, the
 * second hears it. Each can be stopped, and its database be away, without the other noticing more than a delay.
 */
export function startPriceService({ broker, log, databaseUrls, deadLetters }: Service) {
  const database = openDatabase(databaseUrls.prices, { poolSize: 4 });
  const relay = startRelay({ databaseUrl: databaseUrls.prices, broker, log });
  const second = startListener({ listener: offers, databaseUrl: databaseUrls.offers, broker, deadLetters, log });
  return {
    changePrice: createOrderPlacementProcessor(database).changePrice,
    async stop(): Promise<void> {
      await Promise.all([relay.stop(), second.stop()]);
      await database.close();
    },
  };
}
