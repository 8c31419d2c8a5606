import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Listener } from '../../../broker-bridge/facts/listener.ts';
import { startListener } from '../../../broker-bridge/facts/start-listener.ts';
import { factStream, type Fact } from '../../../contracts/facts.ts';
import { raw, sql } from '../../../prisma/sql.ts';
import { statement } from '../../../prisma/statement.ts';
import { allPublished, openBridge, sequencesOf, type Bridge } from '../../support/bridge.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;
/** After the first two facts of `ord-a`, and before its other two. */
let between: string;

beforeAll(async () => {
  bridge = await openBridge();
  bridge.startRelay();
  await bridge.record(['ord-a'], 2);
  await allPublished(bridge);
  between = new Date().toISOString();
  await bridge.record(['ord-a'], 2);
  await bridge.record(['ord-b'], 1);
  await allPublished(bridge);
});
afterAll(() => bridge?.rig.close());

const keep = statement(
  'test.keep',
  {},
  (schema: string, { key, sequence }: Fact) => sql`INSERT INTO ${raw(schema)}.fact VALUES (${key}, ${sequence})`,
);

/** A listener that keeps the places of what it hears. */
const keeper = (name: string, begins: NonNullable<Listener['begins']>): Listener => ({
  name,
  schema: name,
  about: 'is a test',
  reads: 'orders',
  follows: 'every-fact-of-a-key',
  begins,
  tables: `CREATE TABLE IF NOT EXISTS ${name}.fact (key text, sequence bigint)`,
  apply: async (tx, fact) => void (await tx.execute(keep(name, fact))),
});

function start(listener: Listener): void {
  const { broker, deadLetters, log } = bridge;
  const part = startListener({ listener, databaseUrl: bridge.rig.databaseUrl, broker, deadLetters, log });
  bridge.rig.onClose(() => part.stop());
}

const consumer = async (name: string) => (await bridge.broker.consumers(factStream.name)).get(name);

async function heard(name: string): Promise<readonly string[]> {
  const drained = async () => {
    const info = await consumer(name);
    return info !== undefined && info.pending + info.inFlight === 0;
  };
  await until(drained, { within: 30_000, what: `${name} to have heard everything` });
  const { rows } = await bridge.sql.query<{ place: string }>(
    `SELECT key || '.' || sequence AS place FROM ${name}.fact ORDER BY key, sequence`,
  );
  return rows.map(({ place }) => place);
}

test('a listener that begins at an instant hears what happened from then on, also in the middle of a key', async () => {
  start(keeper('since', { from: between }));
  expect(await heard('since')).toEqual(['ord-a.3', 'ord-a.4', 'ord-b.1']);
  expect((await consumer('since'))?.beginsAt).toBe(3);
});

test('one that begins now hears what comes, and one that begins at an instant to come what happens after it', async () => {
  start(keeper('now', 'now'));
  start(keeper('later', { from: '2999-01-01T00:00:00+01:00' }));
  await until(async () => (await consumer('now')) !== undefined && (await consumer('later')) !== undefined);
  await bridge.record(['ord-b'], 1);
  await allPublished(bridge);
  expect(await heard('now')).toEqual(['ord-b.2']);
  expect(await heard('later')).toEqual([]);
});

test('what is older than its beginning and is published again, because the stream was lost, it does not hear', async () => {
  await (await bridge.nats.jetstreamManager()).streams.delete(factStream.name);
  const isAll = async () => sequencesOf(await bridge.stream().catch(() => []), 'ord-a').length === 4;
  await until(isAll, { within: 40_000, what: 'the stream to hold every fact again' });
  expect(await heard('since')).toEqual(['ord-a.3', 'ord-a.4', 'ord-b.1', 'ord-b.2']);
});

test('a beginning that is no instant is refused with a sentence', () => {
  expect(() => start(keeper('wrong', { from: 'last Monday' }))).toThrow(
    "The listener wrong must begin at an instant, as in { from: '2026-11-23T00:00:00Z' }.",
  );
});
