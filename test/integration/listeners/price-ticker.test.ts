import { afterAll, beforeAll, expect, test } from 'vitest';
import { replayListener } from '../../../app/listeners.ts';
import { followPrices, publishPrice, type PriceFact } from '../../../broker-bridge/facts/prices.ts';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { lastPrices, livePrices, priceStream } from '../../../contracts/outside/prices.ts';
import { factCatalogue } from '../../../contracts/schemas/facts.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { openBridge, upTo, type Bridge } from '../../support/bridge.ts';
import { publishLines } from '../../support/publish-lines.ts';
import { until } from '../../support/until.ts';
import { aFact, factId } from '../../support/facts.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await openBridge();
  bridge.startRelay();
  await bridge.startListener('price-ticker');
  await until(() => bridge.told.some((line) => line.includes('The listener listens')));
});

afterAll(() => bridge?.rig.close());

const body = (isbn: string, amount: number) => {
  const price = { amount, currency: 'EUR' } as const;
  return { ...factCatalogue['price-changed'].example, isbn, price, prices: [price] };
};

/** Tells a price of a title, as order placement does. */
async function tell(isbn: string, amount: number): Promise<void> {
  const text = `SELECT outbox.record_fact('stock', 'price-changed', $1, $2::jsonb)`;
  await bridge.sql.query(text, [isbn, JSON.stringify(body(isbn, amount))]);
  await bridge.sql.query('NOTIFY outbox');
}

const amountIn = (data: Uint8Array): number =>
  (JSON.parse(new TextDecoder().decode(data)) as PriceFact['body']).price.amount;

/** The prices of a title that a subscriber without any consumer hears from now on. */
async function hearing(isbn: string): Promise<readonly number[]> {
  const heard: number[] = [];
  const subscription = bridge.nats.subscribe(livePrices(isbn), {
    callback: (_, { data }) => void heard.push(amountIn(data)),
  });
  bridge.rig.onClose(() => Promise.resolve(subscription.unsubscribe()));
  await bridge.nats.flush();
  return heard;
}

/** The messages that the stream holds of a title, as text. */
async function held(isbn: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { data } of bridge.broker.held(priceStream.name, lastPrices(isbn)))
    texts.push(Buffer.from(data).toString());
  return texts;
}

const kept = async (isbn: string): Promise<readonly number[]> =>
  (await held(isbn)).map((text) => amountIn(Buffer.from(text)));

const keeps = (isbn: string, amount: number): Promise<unknown> =>
  until(async () => (await kept(isbn)).includes(amount), { what: `${isbn} to be kept at ${amount}` });

/** Fails when a price came twice, or after a newer one. */
const expectRising = (heard: readonly number[]): void =>
  expect(heard).toEqual([...new Set(heard)].toSorted((one, other) => one - other));

const sent = (): Promise<unknown> =>
  until(async () => (await bridge.sql.query('SELECT FROM price_ticker.outgoing')).rowCount === 0);

test('a price comes once to those that listen, and is kept for those that come late', async () => {
  const heard = await hearing('9780000000019');
  await tell('9780000000019', 2100);
  await keeps('9780000000019', 2100);
  await until(() => heard.length > 0, { what: 'a live price' });
  await tell('9780000000019', 1900);
  await keeps('9780000000019', 1900);
  await until(() => heard.length > 1, { what: 'the second live price' });
  expect(heard).toEqual([2100, 1900]);
  expect(await kept('9780000000019')).toEqual([1900]);
});

test('one who comes late gets the last price of each title, then the new ones, each once', async () => {
  await tell('9780000000026', 100);
  await tell('9780000000026', 200);
  await tell('9780000000033', 300);
  await keeps('9780000000026', 200);
  await keeps('9780000000033', 300);
  const ending = new AbortController();
  const seen: unknown[] = [];
  const following = (async () => {
    const wanted = { isbns: ['9780000000026', '9780000000033'], signal: ending.signal };
    for await (const { from, fact } of followPrices({ broker: bridge.broker, ...wanted }))
      seen.push([from, fact.key, fact.body.price.amount]);
  })();
  await until(() => seen.length === 2, { what: 'the kept prices' });
  await tell('9780000000040', 999); // a title that was not asked for
  await publishLines(
    bridge.rig.nats,
    livePrices('9780000000026'),
    ['ce id: x'],
    'no price, and headers nobody can read',
  );
  await tell('9780000000026', 250);
  await until(() => seen.length === 3, { what: 'the live price' });
  ending.abort();
  await following;
  expect(seen).toEqual([
    ['kept', '9780000000026', 200],
    ['kept', '9780000000033', 300],
    ['live', '9780000000026', 250],
  ]);
});

test('of ten prices in a row the last one stands, and those that listen hear none that is older than the one before', async () => {
  const isbn = '9780000000057';
  const heard = await hearing(isbn);
  for (const amount of upTo(10)) await tell(isbn, amount);
  await keeps(isbn, 10);
  await sent();
  expect(await kept(isbn)).toEqual([10]);
  await until(() => heard.at(-1) === 10, { what: 'the last price' });
  expectRising(heard);
});

test('facts that are delivered again change nothing, and fill a stream that was lost', async () => {
  const isbn = '9780000000064';
  for (const amount of upTo(3)) await tell(isbn, amount);
  await keeps(isbn, 3);
  await sent();
  const heard = await hearing(isbn);
  const database = openDatabase(bridge.rig.databaseUrl, { poolSize: 1 });
  bridge.rig.onClose(database.close);
  const seen = async () => (await bridge.sql.query('SELECT FROM price_ticker.inbox_seen')).rowCount;
  const replay = async () => {
    const before = await seen();
    await replayListener({ broker: bridge.broker, database }, 'price-ticker', null);
    await until(async () => (await seen()) === before, { what: 'all facts to be heard again' });
    await sent();
  };
  await replay();
  expect(await kept(isbn)).toEqual([3]);
  expect(heard).toEqual([]);
  await (await bridge.nats.jetstreamManager()).streams.delete(priceStream.name);
  await replay();
  await keeps(isbn, 3);
});

test('of two that publish at once, in any order, the newest price stands', async () => {
  const isbn = '9780000000071';
  const heard = await hearing(isbn);
  const { url } = bridge.rig.nats;
  const other = await connectBroker({ url, name: 'other', log: bridge.log });
  bridge.rig.onClose(() => other.close());
  const fact = (epoch: number, sequence: number): PriceFact => {
    const number = epoch * 1000 + sequence;
    return aFact('price-changed', isbn, body(isbn, number), { id: factId(number), epoch, sequence });
  };
  const all = [5, 1, 4, 2, 3, 5, 1].flatMap((sequence) => [
    publishPrice(bridge.broker, fact(1, sequence)),
    publishPrice(other, fact(1, sequence)),
  ]);
  await Promise.all(all);
  expect(await kept(isbn)).toEqual([1005]);
  await publishPrice(other, fact(2, 1)); // the shop was restored from a backup
  await publishPrice(other, fact(1, 6));
  expect(await kept(isbn)).toEqual([2001]);
  await bridge.nats.flush();
  await until(() => heard.at(-1) === 2001);
  expectRising(heard);
});

test('a message that is no price gives way to one', async () => {
  const isbn = '9780000000088';
  await bridge.nats.jetstream().publish(lastPrices(isbn), 'nonsense');
  await tell(isbn, 700);
  await until(async () => (await held(isbn))[0]?.includes('700') ?? false, { what: 'the price' });
  expect(await held(isbn)).toHaveLength(1);
});
