import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'nats';
import { factStream } from '../../contracts/facts.ts';
import { until } from '../../test/support/until.ts';
import { quantile } from '../kit/spread.ts';
import { numberOf } from '../kit/number-of.ts';
import { rateUntil } from './rate.ts';
import { withWorker, type LabShop, type Worked } from './shop.ts';

/** Facts of a burst, of so many keys. */
export const facts = { count: 20_000, keys: 2_000 };

/** Facts that are written while the relay runs. */
export const stream = { perSecond: 1_500, seconds: 10 };

/** Facts per second of a relay that starts with a full outbox. */
export async function relayPerSecond(shop: LabShop): Promise<Worked<number>> {
  await shop.sql.query(
    `SELECT outbox.record_fact('orders', 'email-sent', key, jsonb_build_object('orderId', key, 'kind', 'shipped'))
     FROM (SELECT 'ord-' || n % $2::int AS key FROM generate_series(1, $1::int) AS n) AS fact`,
    [facts.count, facts.keys],
  );
  const waiting = () => numberOf(shop.sql, 'SELECT count(*)::int AS n FROM outbox.fact WHERE stream_sequence IS NULL');
  return withWorker(shop, 'relay', () => rateUntil(async () => facts.count - (await waiting()), facts.count));
}

/** Facts per second that a listener takes, whose effects are committed before it acknowledges them. */
export async function effectsPerSecond(shop: LabShop, listener: string): Promise<Worked<number>> {
  const taken = async (): Promise<number> => {
    const consumer = (await shop.broker.consumers(factStream.name)).get(listener);
    return consumer ? facts.count - consumer.pending - consumer.inFlight : 0;
  };
  return withWorker(shop, `listener:${listener}`, () => rateUntil(taken, facts.count));
}

/** Lets a listener take what is left for it. */
export async function takeRest(shop: LabShop, listener: string): Promise<void> {
  const isAtEnd = async () => {
    const consumer = (await shop.broker.consumers(factStream.name)).get(listener);
    return consumer !== undefined && consumer.pending + consumer.inFlight === 0;
  };
  const patience = { within: 300_000, what: `the listener ${listener}` };
  await withWorker(shop, `listener:${listener}`, () => until(isAtEnd, patience));
}

/** What was seen of facts that were written steadily. */
export interface Lag {
  /** From the commit to the broadcast, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Facts per second that were really written. */
  readonly written: number;
}

/** Writes facts steadily while the relay runs, each of a key of its own, and waits for each on its subject. */
export async function relayLag(shop: LabShop, run: string): Promise<Worked<Lag>> {
  const nats = await connect({ servers: shop.env['NATS_URL'] ?? '' });
  const came = new Map<string, number>();
  const subscription = nats.subscribe('orders.fact.>', {
    callback: (_, { subject }) => came.set(subject.slice(subject.lastIndexOf('.') + 1), performance.now()),
  });
  await nats.flush();
  try {
    return await withWorker(shop, 'relay', async () => lagOf(await writeSteadily(shop, run), came));
  } finally {
    subscription.unsubscribe();
    await nats.close();
  }
}

type Instants = ReadonlyMap<string, number>;

/** One transaction for the facts of some milliseconds. Resolves with the instant of each commit. */
async function writeSteadily({ sql, database }: LabShop, run: string): Promise<Instants> {
  const committed = new Map<string, number>();
  const begun = performance.now();
  while (committed.size < stream.perSecond * stream.seconds) {
    const due = Math.floor(((performance.now() - begun) * stream.perSecond) / 1_000) - committed.size;
    const keys = Array.from({ length: Math.max(0, due) }, (_, i) => `${run}-${committed.size + i}`);
    await sql.query(
      `SELECT outbox.record_fact('orders', 'email-sent', key, jsonb_build_object('orderId', key, 'kind', 'shipped'))
       FROM unnest($1::text[]) AS key`,
      [keys],
    );
    database.wakeRelay(); // as every processor does after its commit
    const now = performance.now();
    for (const key of keys) committed.set(key, now);
    await sleep(8);
  }
  return committed;
}

async function lagOf(committed: Instants, came: Instants): Promise<Lag> {
  for (let tries = 0; tries < 600 && [...committed.keys()].some((key) => !came.has(key)); tries += 1) await sleep(100);
  const lags = [...committed].map(([key, at]) => (came.get(key) ?? Infinity) - at);
  const instants = [...committed.values()];
  const written = (committed.size * 1_000) / (Math.max(...instants) - Math.min(...instants));
  return { p50: quantile(lags, 0.5), p99: quantile(lags, 0.99), written };
}
