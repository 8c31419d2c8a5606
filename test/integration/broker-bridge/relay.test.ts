import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countWaiting } from '../../../app/reads/events.ts';
import { factStream } from '../../../contracts/facts.ts';
import { allPublished, openBridge, sequencesOf, upTo, type Bridge } from '../../support/bridge.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { natsIsBack } from '../../support/nats-back.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;
beforeAll(async () => {
  bridge = await openBridge();
});
afterAll(() => bridge.rig.close());

/** The server processes of PostgreSQL that serve relays: who holds the lock, and whether it waits for somebody. */
async function relaySessions() {
  const { rows } = await bridge.sql.query<{ pid: number; waits: boolean; holds: boolean; askedAt: Date }>(
    `SELECT pid, query_start AS "askedAt", wait_event_type = 'Lock' AS waits,
       EXISTS (SELECT FROM pg_locks WHERE pg_locks.pid = activity.pid AND locktype = 'advisory' AND granted) AS holds
     FROM pg_stat_activity AS activity WHERE application_name = 'outbox-relay' AND datname = current_database()`,
  );
  return rows;
}

const streamState = async () => {
  const management = await bridge.nats.jetstreamManager();
  return (await management.streams.info(factStream.name)).state;
};

const keysCalled = (name: string, many: number) => Array.from({ length: many }, (_, index) => `ord-${name}${index}`);

describe('the relay', () => {
  test('publishes every fact, of each key in sequence, and notes where in the stream each stands', async () => {
    const keys = keysCalled('a', 20);
    const relay = bridge.startRelay();
    await bridge.record(keys, 10);
    await allPublished(bridge);
    const stream = await bridge.stream();
    for (const key of keys) expect(sequencesOf(stream, key)).toEqual(upTo(10));
    const { rows } = await bridge.sql.query<{ id: string; at: number }>(
      'SELECT id, stream_sequence::int AS at FROM outbox.fact',
    );
    expect(new Map(stream.map(({ fact, streamSequence }) => [fact.id, streamSequence]))).toEqual(
      new Map(rows.map(({ id, at }) => [id, at])),
    );
    await relay.stop();
  });

  test('writes all of a fact into CloudEvents headers and the body', async () => {
    const relay = bridge.startRelay();
    await bridge.record(['ord-h0'], 3);
    await allPublished(bridge);
    await relay.stop();
    const { rows } = await bridge.sql.query<{ time: Date; body: unknown; id: string }>(
      `SELECT * FROM outbox.fact WHERE key = 'ord-h0' ORDER BY sequence`,
    );
    const facts = (await bridge.stream()).map(({ fact }) => fact).filter(({ key }) => key === 'ord-h0');
    expect(facts).toHaveLength(3);
    expect(facts.map(({ id, body }) => ({ id, body }))).toEqual(rows.map(({ id, body }) => ({ id, body })));
    expect(facts.map(({ time }) => time)).toEqual(rows.map(({ time }) => time.toISOString()));
  });

  test.each([
    ['a key with dots and spaces', 'anna b.c', 'anna%20b%2Ec', 'anna%20b.c'],
    ['a key of wildcards', '*.>', '%2A%2E%3E', '*.>'],
    ['a key of another script', 'кот', '%D0%BA%D0%BE%D1%82', '%D0%BA%D0%BE%D1%82'],
    ['a key of 200 characters', 'k'.repeat(200), 'k'.repeat(200), 'k'.repeat(200)],
  ])('carries %s in one token of the subject, and whole in ce-partitionkey', async (_, key, token, header) => {
    const relay = bridge.startRelay();
    await bridge.record([key], 2);
    await allPublished(bridge);
    await relay.stop();
    expect(sequencesOf(await bridge.stream(), key)).toEqual([1, 2]);
    const management = await bridge.nats.jetstreamManager();
    const sent = await management.streams.getMessage('FACTS', { last_by_subj: `orders.fact.email-sent.${token}` });
    const names = ['ce-partitionkey', 'ce-datacontenttype', 'ce-dataschema', 'ce-keyepoch', 'ce-keysequence'] as const;
    expect(names.map((name) => sent.header.get(name))).toEqual([
      header,
      'application/json',
      'urn:order-mediator:email-sent:1',
      '1',
      '2',
    ]);
    expect(['content-type', 'traceparent', 'ce-sequence'].map((name) => sent.header.get(name))).toEqual(['', '', '']);
  });

  test('killed after publishing and before its mark publishes again, and a listener takes each fact once', async () => {
    const keys = keysCalled('k', 5);
    const before = (await streamState()).messages;
    await bridge.record(keys, 2);
    const holder = await bridge.session();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM outbox.fact WHERE stream_sequence IS NULL FOR UPDATE');
    const relay = await bridge.rig.launchWorker('relay');
    await until(async () => (await relaySessions()).some(({ waits, holds }) => waits && holds), {
      what: 'the mark to wait',
    });
    expect((await streamState()).messages).toBeGreaterThan(before);
    await relay.kill();
    await endRelaySessions();
    await holder.query('ROLLBACK');
    expect(await bridge.unpublished()).toBe(10);
    await forgetMessageIds();

    await bridge.startListener('email-analytics');
    await bridge.startListener('order-timeline');
    const again = bridge.startRelay();
    await allPublished(bridge);
    const { rows } = await bridge.sql.query<{ n: number }>('SELECT count(*)::int AS n FROM outbox.fact');
    expect((await streamState()).messages, 'some facts stand in the stream twice').toBeGreaterThan(rows[0]?.n ?? 0);
    await until(async () => (await mailsCounted()) >= (rows[0]?.n ?? 0));
    await until(async () => (await bridge.timeline('ord-k4')).length === 2);
    await nothingUnacknowledged();
    expect(await mailsCounted()).toBe(rows[0]?.n);
    for (const key of keys) expect(await bridge.timeline(key)).toEqual([1, 2]);
    await again.stop();
  });

  test('hands over to the one that waits when it is killed', async () => {
    const first = await bridge.rig.launchWorker('relay');
    await until(async () => (await relaySessions()).some(({ holds }) => holds));
    const second = bridge.startRelay();
    await until(async () => (await relaySessions()).length === 2);
    expect((await relaySessions()).filter(({ holds }) => holds)).toHaveLength(1);
    await bridge.record(keysCalled('h', 3), 3);
    await allPublished(bridge);
    await first.kill();
    await bridge.record(keysCalled('i', 3), 3);
    await allPublished(bridge);
    expect(sequencesOf(await bridge.stream(), 'ord-i0')).toEqual(upTo(3));
    await second.stop();
  });

  test('that lost the connection with its lock stops publishing, and comes back', async () => {
    const relay = bridge.startRelay();
    const [session] = await until(async () => {
      const holding = (await relaySessions()).filter(({ holds }) => holds);
      return holding.length === 1 && holding;
    });
    // Somebody else holds the lock while the relay is without it: nothing may be published then.
    const other = await bridge.session();
    await bridge.sql.query('SELECT pg_terminate_backend($1)', [session?.pid]);
    await until(async () => {
      const { rows } = await other.query<{ got: boolean }>(
        `SELECT pg_try_advisory_lock(hashtextextended('outbox.relay', 0)) AS got`,
      );
      return rows[0]?.got;
    });
    await until(async () => (await relaySessions()).some(({ pid }) => pid !== session?.pid), {
      what: 'it to compete again',
    });
    const before = (await streamState()).messages;
    await bridge.record(keysCalled('l', 3), 3);
    const recordedAt = Date.now();
    const asked = async () => (await relaySessions()).some(({ askedAt }) => askedAt.getTime() > recordedAt);
    await until(asked, { what: 'it to have asked for the lock again' });
    expect((await streamState()).messages).toBe(before);
    await other.query('SELECT pg_advisory_unlock_all()');
    await allPublished(bridge);
    expect(sequencesOf(await bridge.stream(), 'ord-l2')).toEqual(upTo(3));
    await relay.stop();
  });

  test('waits while NATS is away and then publishes everything, in sequence', async () => {
    const relay = bridge.startRelay();
    const keys = keysCalled('n', 50);
    const recording = bridge.record(keys, 6);
    await until(async () => (await bridge.unpublished()) > 0);
    await bridge.rig.nats.kill();
    await recording;
    await bridge.record(keys, 4);
    expect(await bridge.unpublished()).toBeGreaterThanOrEqual(200);
    await bridge.rig.nats.start();
    await Promise.all([allPublished(bridge), natsIsBack(bridge.nats)]);
    const stream = await bridge.stream();
    for (const key of keys) expect(sequencesOf(stream, key)).toEqual(upTo(10));
    await relay.stop();
  });

  test('is not held up by a fact that NATS never takes, and tells of it once, without its body', async () => {
    const relay = bridge.startRelay();
    await bridge.sql.query(
      `SELECT outbox.record_fact('orders', 'email-sent', 'ord-big', jsonb_build_object('orderId', repeat('x', 2000000)))`,
    );
    await bridge.record(['ord-big', 'ord-small'], 2);
    const told = () => bridge.told.filter((line) => line.startsWith('error: A fact cannot be published'));
    await until(async () => sequencesOf(await bridge.stream(), 'ord-small').length === 2);
    await until(() => told().length > 0);
    expect(told()).toEqual([expect.stringMatching(/ord-big/)]);
    expect(bridge.told.some((line) => line.includes('xxxx'))).toBe(false);
    expect(sequencesOf(await bridge.stream(), 'ord-big')).toEqual([]);
    await relay.stop();
    const database = openDatabase(bridge.rig.databaseUrl, { poolSize: 1 });
    const { shutKeys, shut } = await countWaiting(database);
    await database.close();
    expect(shutKeys).toBe(1);
    expect(shut).toEqual([{ key: 'ord-big', fact: 'email-sent', why: expect.stringMatching(/larger than/), facts: 3 }]);
    await bridge.sql.query(`DELETE FROM outbox.fact WHERE key = 'ord-big'`);
  });

  test('says which facts it published where only a close look shows it', async () => {
    const relay = bridge.startRelay();
    await bridge.record(['ord-log'], 1);
    await allPublished(bridge);
    const lines = bridge.told.filter((line) => line.includes('ord-log'));
    expect(lines).toEqual([expect.stringMatching(/^debug: Published a fact .*"sequence":1,"streamSequence":\d+/)]);
    await relay.stop();
  });
});

/** As when the relay's machine is gone: PostgreSQL would otherwise finish the statement that waits. */
async function endRelaySessions(): Promise<void> {
  await until(async () => {
    const sessions = await relaySessions();
    await Promise.all(sessions.map(({ pid }) => bridge.sql.query('SELECT pg_terminate_backend($1)', [pid])));
    return sessions.length === 0;
  });
}

/** As after two minutes: the stream does not know the messages' ids any more, and takes a second copy. */
async function forgetMessageIds(): Promise<void> {
  const management = await bridge.nats.jetstreamManager();
  const { config } = await management.streams.info(factStream.name);
  await management.streams.update(factStream.name, { ...config, duplicate_window: 100_000_000 });
  const { fact } = await until(async () => (await bridge.stream()).at(-1)); // a request for each message, so only once
  await until(() => isForgotten(fact.id), { what: 'the youngest id to be forgotten' });
}

/** Asked with a message of a subject of its own, so that the answer changes nothing else. */
async function isForgotten(id: string): Promise<boolean> {
  const answer = await bridge.nats.jetstream().publish('customers.fact.test.probe', '{}', { msgID: id });
  return !answer.duplicate;
}

async function mailsCounted(): Promise<number> {
  const { rows } = await bridge.sql.query<{ n: number }>(
    'SELECT coalesce(sum(mails), 0)::int AS n FROM email_analytics.mails_per_day',
  );
  return rows[0]?.n ?? 0;
}

async function nothingUnacknowledged(): Promise<void> {
  const management = await bridge.nats.jetstreamManager();
  for (const name of ['email-analytics', 'order-timeline']) {
    await until(async () => {
      const info = await management.consumers.info(factStream.name, name);
      return info.num_ack_pending === 0 && info.num_pending === 0;
    });
  }
}
