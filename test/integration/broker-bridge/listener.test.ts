import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeFact } from '../../../broker-bridge/facts/cloud-events.ts';
import type { Listener } from '../../../broker-bridge/facts/listener.ts';
import { startListener } from '../../../broker-bridge/facts/start-listener.ts';
import { ensureFactStream } from '../../../broker-bridge/nats/our-streams.ts';
import { factStream, type Fact } from '../../../contracts/facts.ts';
import { allPublished, openBridge, upTo, type Bridge } from '../../support/bridge.ts';
import { launchWorker } from '../../support/rig/worker.ts';
import { sql } from '../../../prisma/sql.ts';
import { statement } from '../../../prisma/statement.ts';
import { until } from '../../support/until.ts';
import { openWire } from '../../support/wire.ts';
import { aWrittenFact, factId } from '../../support/facts.ts';

const addLate = statement(
  'test.add-late',
  {},
  ({ key, sequence }: Fact) => sql`INSERT INTO late_comer.fact VALUES (${key}, ${sequence})`,
);

let bridge: Bridge;
beforeAll(async () => {
  bridge = await openBridge();
  await ensureFactStream(bridge.broker);
});
afterAll(() => bridge.rig.close());

const mails = async (): Promise<number> => {
  const { rows } = await bridge.sql.query<{ n: number }>(
    'SELECT coalesce(sum(mails), 0)::int AS n FROM email_analytics.mails_per_day',
  );
  return rows[0]?.n ?? 0;
};

const consumer = async (name: string) => {
  const management = await bridge.nats.jetstreamManager();
  return management.consumers.info(factStream.name, name);
};

const isDrained = async (name: string): Promise<boolean> => {
  const { num_ack_pending: unacknowledged, num_pending: waiting } = await consumer(name);
  return unacknowledged + waiting === 0;
};

/** Publishes past the outbox and the relay. Without an id the stream takes every copy. */
async function publish(key: string, sequence: number): Promise<void> {
  const id = `00000000-0000-4000-8000-${Buffer.from(key).toString('hex').slice(-6)}${String(sequence).padStart(6, '0')}`;
  const body = { orderId: key, customerId: 'c-1', kind: 'confirmation' };
  const { subject, data, headers } = encodeFact(aWrittenFact('email-sent', key, body, { id, sequence }));
  const made = (await import('nats')).headers();
  for (const [name, value] of Object.entries(headers)) made.set(name, value);
  await bridge.nats.jetstream().publish(subject, data, { headers: made });
}

describe('a listener', () => {
  test('gets facts from before its first start, each once', async () => {
    const relay = bridge.startRelay();
    await bridge.record(['ord-a', 'ord-b'], 5);
    await allPublished(bridge);
    await relay.stop();
    const parts = [await bridge.startListener('order-timeline'), await bridge.startListener('email-analytics')];
    await until(
      async () => (await bridge.timeline('ord-a')).length === 5 && (await bridge.timeline('ord-b')).length === 5,
    );
    expect(await bridge.timeline('ord-a')).toEqual(upTo(5));
    await until(async () => (await mails()) === 10);
    await Promise.all(parts.map((part) => part.stop()));
  });

  test('killed between its commit and its acknowledgement takes the facts once all the same', async () => {
    const wire = await openWire(bridge.rig.nats.ports['client'] ?? 0);
    bridge.rig.onClose(() => wire.close());
    const env = { ...bridge.rig.env, NATS_URL: `nats://127.0.0.1:${wire.port}` };
    const worker = await launchWorker(['listener:email-analytics', 'listener:order-timeline'], env, bridge.rig.folder);
    await until(async () => (await consumer('email-analytics')).num_waiting > 0);
    await until(async () => (await consumer('order-timeline')).num_waiting > 0);
    const before = await mails();
    wire.holdClients();
    const relay = bridge.startRelay();
    await bridge.record(['ord-k'], 3);
    await until(async () => (await mails()) === before + 3 && (await bridge.timeline('ord-k')).length === 3);
    await until(() => wire.heldBytes() > 0, { what: 'an acknowledgement on the wire' });
    await worker.kill();
    await wire.close();
    expect((await consumer('email-analytics')).num_ack_pending).toBe(3);
    expect((await consumer('order-timeline')).num_ack_pending).toBe(3);

    const parts = [await bridge.startListener('order-timeline'), await bridge.startListener('email-analytics')];
    for (const name of ['email-analytics', 'order-timeline']) {
      await until(async () => (await consumer(name)).num_ack_pending === 0, {
        within: 30_000,
        what: 'facts to come again',
      });
    }
    expect(await mails()).toBe(before + 3);
    expect(await bridge.timeline('ord-k')).toEqual(upTo(3));
    await Promise.all([...parts, relay].map((part) => part.stop()));
  });

  test('lets a fact wait that comes before the one before it', async () => {
    const part = await bridge.startListener('order-timeline');
    await publish('ord-g', 2);
    await publish('ord-g', 3);
    await until(() => bridge.told.some((line) => /waits for those of its key.*ord-g/.test(line)));
    expect(await bridge.timeline('ord-g')).toEqual([]);
    await publish('ord-g', 1);
    await until(async () => (await bridge.timeline('ord-g')).length === 3);
    expect(await bridge.timeline('ord-g')).toEqual([1, 2, 3]);
    await part.stop();
  });

  test('drops facts that stand in the stream twice', async () => {
    const parts = [await bridge.startListener('order-timeline'), await bridge.startListener('email-analytics')];
    await until(() => isDrained('email-analytics'));
    const before = await mails();
    for (const sequence of [1, 1, 2, 1, 2, 3]) await publish('ord-t', sequence);
    await until(async () => (await bridge.timeline('ord-t')).length === 3);
    for (const name of ['email-analytics', 'order-timeline']) {
      await until(() => isDrained(name));
    }
    expect(await bridge.timeline('ord-t')).toEqual([1, 2, 3]);
    expect(await mails()).toBe(before + 3);
    await Promise.all(parts.map((part) => part.stop()));
  });

  test('goes on after NATS was killed and started again', async () => {
    const parts = [bridge.startRelay(), await bridge.startListener('order-timeline')];
    await bridge.record(['ord-r'], 2);
    await until(async () => (await bridge.timeline('ord-r')).length === 2);
    await bridge.rig.nats.kill();
    await bridge.record(['ord-r'], 3);
    await bridge.rig.nats.start();
    await until(async () => (await bridge.timeline('ord-r')).length === 5, { within: 30_000 });
    expect(await bridge.timeline('ord-r')).toEqual(upTo(5));
    await Promise.all(parts.map((part) => part.stop()));
  });

  test('goes on after its consumer, or the whole stream, was deleted', async () => {
    const parts = [bridge.startRelay(), await bridge.startListener('order-timeline')];
    await bridge.record(['ord-s'], 1);
    await until(async () => (await bridge.timeline('ord-s')).length === 1);
    const management = await bridge.nats.jetstreamManager();
    await management.consumers.delete(factStream.name, 'order-timeline');
    await bridge.record(['ord-s'], 1);
    await until(async () => (await bridge.timeline('ord-s')).length === 2, { within: 30_000 });
    await management.streams.delete(factStream.name);
    await bridge.record(['ord-s'], 1);
    await until(async () => (await bridge.timeline('ord-s')).length === 3, { within: 30_000 });
    expect(await bridge.timeline('ord-s')).toEqual(upTo(3));
    await Promise.all(parts.map((part) => part.stop()));
  });

  test('goes on after PostgreSQL has ended its connections', async () => {
    const parts = [bridge.startRelay(), await bridge.startListener('order-timeline')];
    await bridge.record(['ord-p'], 1);
    await until(async () => (await bridge.timeline('ord-p')).length === 1);
    await bridge.sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'listener-order_timeline' AND datname = current_database()`,
    );
    await bridge.record(['ord-p'], 2);
    await until(async () => (await bridge.timeline('ord-p')).length === 3);
    expect(await bridge.timeline('ord-p')).toEqual(upTo(3));
    await Promise.all(parts.map((part) => part.stop()));
  });

  test('written for version 1 of a fact reads version 2, which has more fields', async () => {
    const body = { orderId: 'ord-v', customerId: 'c-1', kind: 'shipped', language: 'sv' };
    const aDayOfItsOwn = { id: factId(0xf2), time: '2022-11-23T10:15:30.250Z' };
    const sent = encodeFact(aWrittenFact('email-sent', 'ord-v', body, aDayOfItsOwn));
    const part = await bridge.startListener('email-analytics');
    await bridge.broker.publish({
      ...sent,
      headers: { ...sent.headers, 'ce-dataschema': 'urn:order-mediator:email-sent:2' },
    });
    await until(async () => {
      const { rows } = await bridge.sql.query(
        `SELECT kind, mails::int FROM email_analytics.mails_per_day WHERE day = '2022-11-23'`,
      );
      return JSON.stringify(rows) === JSON.stringify([{ kind: 'shipped', mails: 1 }]);
    });
    expect(bridge.sentLetters).toEqual([]);
    await part.stop();
  });

  test('shares its facts with another process of the same name, each fact once', async () => {
    const parts = [
      bridge.startRelay(),
      ...(await Promise.all(upTo(2).map(() => bridge.startListener('email-analytics')))),
    ];
    const keys = Array.from({ length: 30 }, (_, index) => `ord-m${index}`);
    await until(() => isDrained('email-analytics'));
    const start = await mails();
    await bridge.record(keys, 10);
    await allPublished(bridge);
    await until(async () => (await mails()) >= start + 300);
    await until(() => isDrained('email-analytics'));
    expect(await mails()).toBe(start + 300);
    await Promise.all(parts.map((part) => part.stop()));
  });

  test('that starts when the stream has let go of the first facts of a key begins with those it still has', async () => {
    const listener: Listener = {
      name: 'late-comer',
      schema: 'late_comer',
      about: 'is a test',
      reads: 'orders',
      follows: 'every-fact-of-a-key',
      tables: 'CREATE TABLE IF NOT EXISTS late_comer.fact (key text, sequence bigint, PRIMARY KEY (key, sequence))',
      async apply(tx, fact) {
        await tx.execute(addLate(fact));
      },
    };
    for (const sequence of [1, 2, 3, 4]) await publish('ord-o', sequence);
    const management = await bridge.nats.jetstreamManager();
    const { state } = await management.streams.info(factStream.name);
    await management.streams.purge(factStream.name, { seq: state.last_seq - 1 });
    const part = startListener({
      listener,
      databaseUrl: bridge.rig.databaseUrl,
      broker: bridge.broker,
      deadLetters: bridge.deadLetters,
      log: bridge.log,
    });
    const kept = async () => {
      const { rows } = await bridge.sql.query<{ sequence: number }>(
        `SELECT sequence::int FROM late_comer.fact WHERE key = 'ord-o' ORDER BY sequence`,
      );
      return rows.map(({ sequence }) => sequence);
    };
    await until(async () => (await kept()).length === 2);
    expect(await kept()).toEqual([3, 4]);
    await part.stop();
  });
});
