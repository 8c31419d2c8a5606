import { expect, test } from 'vitest';
import { encodeFact } from '../../../broker-bridge/facts/cloud-events.ts';
import { followPrices, publishPrice, type PriceFact } from '../../../broker-bridge/facts/prices.ts';
import type { Message } from '../../../broker-bridge/nats/broker.ts';
import type { HeldMessage } from '../../../broker-bridge/nats/last-values-port.ts';
import { lastPrices, livePrices } from '../../../contracts/outside/prices.ts';
import { aFact, factId } from '../../support/facts.ts';
import { factCatalogue } from '../../../contracts/schemas/facts.ts';

const { example } = factCatalogue['price-changed'];
const { isbn } = example;

const fact = (sequence: number, epoch = 1): PriceFact =>
  aFact('price-changed', isbn, example, {
    id: factId(sequence),
    sequence,
    epoch,
    causationId: 'price/p-1/change-price/1',
  });

const messageOf = (one: PriceFact, subject: string): Message => {
  const { headers, data } = encodeFact({ ...one, body: JSON.stringify(one.body) });
  return { subject, headers, data };
};

async function* listed<Of>(all: readonly Of[]): AsyncGenerator<Of> {
  for (const one of all) yield await Promise.resolve(one);
}

/** Keeps one message; `meanwhile` comes between the reading and the publication, each in its turn. */
function stream(first: PriceFact | null, meanwhile: readonly PriceFact[] = []) {
  let kept: HeldMessage | null = first && { ...messageOf(first, lastPrices(isbn)), streamSequence: 1 };
  const others = [...meanwhile];
  const published: number[] = [];
  return {
    published,
    ensureStream: () => Promise.resolve(),
    held: () => listed(kept ? [kept] : []),
    replaceLast(message: Message, instead: number) {
      const next = others.shift();
      if (next) kept = { ...messageOf(next, lastPrices(isbn)), streamSequence: (kept?.streamSequence ?? 0) + 1 };
      if (instead !== (kept?.streamSequence ?? 0)) return Promise.resolve(false);
      kept = { ...message, streamSequence: instead + 1 };
      published.push(Number(message.headers['ce-keysequence']));
      return Promise.resolve(true);
    },
  };
}

test.each([
  { what: 'the first price of a title', before: null, now: fact(1), published: [1] },
  { what: 'a newer price', before: fact(1), now: fact(2), published: [2] },
  { what: 'one after a gap', before: fact(1), now: fact(5), published: [5] },
  { what: 'one of a later epoch', before: fact(7), now: fact(1, 2), published: [1] },
  { what: 'not the same one', before: fact(2), now: fact(2), published: [] },
  { what: 'not an older one', before: fact(3), now: fact(2), published: [] },
  { what: 'not one of an earlier epoch', before: fact(1, 2), now: fact(9), published: [] },
])('publishes $what', async ({ before, now, published }) => {
  const kept = stream(before);
  await publishPrice(kept, now);
  expect(kept.published).toEqual(published);
});

test('looks again when another price came in between: a newer one stays, an older one gives way', async () => {
  const outrun = stream(fact(1), [fact(4)]);
  await publishPrice(outrun, fact(3));
  expect(outrun.published).toEqual([]);
  const newest = stream(fact(1), [fact(2), fact(3)]);
  await publishPrice(newest, fact(4));
  expect(newest.published).toEqual([4]);
});

test('one who follows hears each price once, and none that is older than the one before', async () => {
  const live = [fact(2), fact(1), fact(3), fact(3)].map((one) => messageOf(one, livePrices(isbn)));
  const noise = { subject: livePrices(isbn), headers: {}, data: Buffer.from('{}') };
  const broker = {
    hear: () => Promise.resolve(listed([noise, ...live])),
    held: () => stream(fact(2)).held(),
  };
  const heard: unknown[] = [];
  for await (const { from, fact: one } of followPrices({ broker, isbns: [] })) heard.push([from, one.sequence]);
  expect(heard).toEqual([
    ['kept', 2],
    ['live', 3],
  ]);
});
