import { headers as newHeaders } from 'nats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeFact } from '../../../broker-bridge/facts/cloud-events.ts';
import { ensureFactStream } from '../../../broker-bridge/nats/our-streams.ts';
import { factStream } from '../../../contracts/facts.ts';
import { allPublished, openBridge, sequencesOf, upTo, type Bridge } from '../../support/bridge.ts';
import { until } from '../../support/until.ts';
import { aWrittenFact, factId } from '../../support/facts.ts';

let bridge: Bridge;
beforeAll(async () => {
  bridge = await openBridge();
  await ensureFactStream(bridge.broker);
});
afterAll(() => bridge.rig.close());

/** Publishes past the outbox and the relay the second fact of a key that has no first one. */
async function publishEarly(nth: number): Promise<void> {
  const key = `ord-early${nth}`;
  const { subject, data, headers } = encodeFact(
    aWrittenFact(
      'email-sent',
      key,
      { orderId: key, customerId: 'c-1', kind: 'confirmation' },
      { id: factId(nth), sequence: 2 },
    ),
  );
  const made = newHeaders();
  for (const [name, value] of Object.entries(headers)) made.set(name, value);
  await bridge.nats.jetstream().publish(subject, data, { headers: made });
}

describe('a listener', () => {
  test('goes on when those before a fact were lost with the stream, and the outbox has them no more', async () => {
    const relay = bridge.startRelay();
    await bridge.record(['ord-lost'], 2);
    await allPublished(bridge);
    await (await bridge.nats.jetstreamManager()).streams.delete(factStream.name);
    await bridge.sql.query(`DELETE FROM outbox.fact WHERE key = 'ord-lost'`);
    await bridge.record(['ord-lost'], 2);
    await allPublished(bridge);
    await until(async () => sequencesOf(await bridge.stream(), 'ord-lost').length === 2);
    const part = await bridge.startListener('order-timeline');
    await until(async () => (await bridge.timeline('ord-lost')).length === 2, { within: 60_000 });
    expect(await bridge.timeline('ord-lost')).toEqual([3, 4]);
    await Promise.all([part.stop(), relay.stop()]);
  });

  test('takes what comes behind more messages that cannot be taken yet than it gets at once', async () => {
    await Promise.all(upTo(1_000).map(publishEarly));
    const relay = bridge.startRelay();
    await bridge.record(['ord-behind'], 1);
    await allPublished(bridge);
    const part = await bridge.startListener('order-timeline');
    await until(async () => (await bridge.timeline('ord-behind')).length === 1);
    expect(await bridge.timeline('ord-early1')).toEqual([]);
    await Promise.all([part.stop(), relay.stop()]);
  });
});
