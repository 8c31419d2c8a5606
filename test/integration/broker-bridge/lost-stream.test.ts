import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { factStream } from '../../../contracts/facts.ts';
import { allPublished, openBridge, sequencesOf, upTo, type Bridge } from '../../support/bridge.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await openBridge();
  bridge.startRelay();
  await bridge.startListener('order-timeline');
  await bridge.startListener('email-analytics');
});

afterAll(() => bridge?.rig.close());

const recorded = async (keys: readonly string[], each: number): Promise<void> => {
  await bridge.record(keys, each);
  await allPublished(bridge);
  for (const key of keys) await until(async () => (await bridge.timeline(key)).length >= each);
};

const mailsCounted = async (): Promise<number> => {
  const query = 'SELECT coalesce(sum(mails), 0)::int AS n FROM email_analytics.mails_per_day';
  return (await bridge.sql.query<{ n: number }>(query)).rows[0]?.n ?? 0;
};

const timesLost = async (key: string): Promise<readonly number[]> => {
  const query = 'SELECT times_lost AS n FROM outbox.fact WHERE key = $1 ORDER BY sequence';
  return (await bridge.sql.query<{ n: number }>(query, [key])).rows.map(({ n }) => n);
};

/** Both listeners have had every fact of the outbox once, in sequence, and the stream holds them all. */
async function nothingIsMissing(keys: readonly string[], each: number): Promise<void> {
  await until(
    async () => {
      await allPublished(bridge);
      const stream = await bridge.stream().catch(() => []); // it may just be made
      return keys.every((key) => new Set(sequencesOf(stream, key)).size === each);
    },
    { within: 40_000, what: 'the stream to hold every fact again' },
  );
  const stream = await bridge.stream();
  for (const key of keys) expect([...new Set(sequencesOf(stream, key))]).toEqual(upTo(each));
  const { rows } = await bridge.sql.query<{ n: number }>('SELECT count(*)::int AS n FROM outbox.fact');
  await until(async () => (await mailsCounted()) >= (rows[0]?.n ?? 0));
  const management = await bridge.nats.jetstreamManager();
  for (const name of ['order-timeline', 'email-analytics']) {
    await until(async () => {
      const info = await management.consumers.info(factStream.name, name).catch(() => null); // made again in a moment
      return info?.num_ack_pending === 0 && info.num_pending === 0;
    });
  }
  for (const key of keys) expect(await bridge.timeline(key)).toEqual(upTo(each));
  expect(await mailsCounted()).toBe(rows[0]?.n);
}

describe('facts that the stream has lost are published again, and have their effect once', () => {
  test('when it was deleted', async () => {
    const keys = ['ord-a1', 'ord-a2'];
    await recorded(keys, 3);
    await (await bridge.nats.jetstreamManager()).streams.delete(factStream.name);
    await nothingIsMissing(keys, 3);
  });

  test('when it was emptied, also within the time in which it drops repeats', async () => {
    const keys = ['ord-b1', 'ord-b2'];
    await recorded(keys, 3);
    await (await bridge.nats.jetstreamManager()).streams.purge(factStream.name);
    await nothingIsMissing([...keys, 'ord-a1'], 3);
  });

  test('when single messages were removed from its midst', async () => {
    await recorded(['ord-e0'], 1); // what is removed from the front may have grown too old
    const keys = ['ord-e1', 'ord-e2'];
    await recorded(keys, 3);
    const management = await bridge.nats.jetstreamManager();
    const removed = (await bridge.stream()).filter(({ fact }) => fact.key === 'ord-e1' && fact.sequence < 3);
    for (const { streamSequence } of removed) await management.streams.deleteMessage(factStream.name, streamSequence);
    expect(sequencesOf(await bridge.stream(), 'ord-e1')).toEqual([3]);
    const areBack = async () => sequencesOf(await bridge.stream(), 'ord-e1').length === 3;
    await until(areBack, { within: 40_000, what: 'the stream to hold the removed facts again' });
    expect(sequencesOf(await bridge.stream(), 'ord-e1')).toEqual([3, 1, 2]);
    await nothingIsMissing(['ord-e2'], 3);
    expect(await bridge.timeline('ord-e1')).toEqual([1, 2, 3]);
    expect(await timesLost('ord-e1')).toEqual([1, 1, 0]);
    expect(await timesLost('ord-e2')).toEqual([0, 0, 0]);
  });

  test('when it was put back from an old copy', async () => {
    const data = join(bridge.rig.folder, 'nats');
    const keys = ['ord-c1', 'ord-c2'];
    await recorded(keys, 2);
    await bridge.rig.nats.stop();
    await cp(data, `${data}-copy`, { recursive: true });
    await bridge.rig.nats.start();
    await recorded(['ord-d1'], 3);
    await bridge.rig.nats.kill();
    await rm(data, { recursive: true });
    await cp(`${data}-copy`, data, { recursive: true });
    await bridge.rig.nats.start();
    await bridge.record(['ord-d2'], 3);
    await nothingIsMissing(['ord-d1', 'ord-d2'], 3);
    expect(await bridge.timeline('ord-c1')).toEqual([1, 2]);
  });
});
