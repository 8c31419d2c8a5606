import { setTimeout as timer } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenToFacts, type ListenOptions } from '../../../broker-bridge/facts/listen.ts';
import { ensureFactStream, warnUnlessSynced } from '../../../broker-bridge/nats/our-streams.ts';
import { type Fact, factStream } from '../../../contracts/facts.ts';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import { timelineOf } from '../../../app/reads/facts.ts';
import { openBridge, upTo, type Bridge } from '../../support/bridge.ts';
import { natsIsBack } from '../../support/nats-back.ts';
import { until } from '../../support/until.ts';
import { mailsPerDay } from '../../../app/reads/mails.ts';

let bridge: Bridge;
let database: Database;
beforeAll(async () => {
  bridge = await openBridge();
  database = openDatabase(bridge.rig.databaseUrl);
  bridge.rig.onClose(() => database.close());
});
afterAll(() => bridge.rig.close());

describe('what listeners have gathered', () => {
  test('is nothing while they have never run', async () => {
    expect(await timelineOf(database, 'ord-x')).toEqual([]);
    expect(await mailsPerDay(database)).toEqual([]);
  });

  test('is read as order timeline and as mails per kind and day', async () => {
    const parts = [bridge.startRelay(), await bridge.startListener('order-timeline')];
    parts.push(await bridge.startListener('email-analytics'));
    await bridge.record(['ord-x', 'ord-y'], 3);
    await until(async () => (await timelineOf(database, 'ord-x')).length === 3);
    const timeline = await timelineOf(database, 'ord-x');
    expect(timeline).toEqual(
      upTo(3).map((sequence) => ({ name: 'email-sent', sequence, at: expect.any(String) as string })),
    );
    expect(timeline.map(({ at }) => new Date(at).toISOString())).toEqual(timeline.map(({ at }) => at));
    await until(async () => (await mailsPerDay(database))[0]?.mails === 6);
    const day = timeline[0]?.at.slice(0, 10);
    expect(await mailsPerDay(database)).toEqual([{ day, kind: 'shipped', mails: 6, refused: 0, bounced: 0 }]);
    await Promise.all(parts.map((part) => part.stop()));
  });
});

describe('listening to facts', () => {
  test('hears all there is, or only what comes from now on, or only facts by name', async () => {
    await until(async () => (await bridge.stream()).length === 6);
    const all = hearing({ since: 'all' });
    const others = hearing({ since: 'all', facts: ['order-created'] });
    const fromNow = hearing({ since: 'now', facts: ['email-sent'] });
    await until(() => all.heard.length === 6);
    await until(async () => (await waitingConsumers()) === 3);
    const relay = bridge.startRelay();
    await bridge.record(['ord-z'], 2);
    await until(() => all.heard.length === 8 && fromNow.heard.length === 2);
    expect(fromNow.heard.map(({ key, sequence }) => `${key}/${sequence}`)).toEqual(['ord-z/1', 'ord-z/2']);
    expect(others.heard).toEqual([]);
    await Promise.all([all.end(), others.end(), fromNow.end(), relay.stop()]);
  });

  test('leaves out a message that is no fact, and tells of it', async () => {
    const foreign: string[] = [];
    const listening = hearing({ facts: ['order-created', 'email-sent'], onForeign: (line) => void foreign.push(line) });
    await until(async () => (await waitingConsumers()) === 1);
    await bridge.nats.jetstream().publish('orders.fact.order-created.ord-v', 'not ours');
    const relay = bridge.startRelay();
    await bridge.record(['ord-v'], 1);
    await until(() => listening.heard.length === 1);
    expect(foreign).toEqual([expect.stringMatching(/^A message on "orders.fact.order-created.ord-v" is no fact/)]);
    await Promise.all([listening.end(), relay.stop()]);
  });

  test('goes on after NATS was killed and started again', async () => {
    const listening = hearing({ since: 'all' });
    await until(() => listening.heard.length === 9);
    await bridge.rig.nats.kill();
    await bridge.rig.nats.start();
    const relay = bridge.startRelay();
    await bridge.record(['ord-w'], 2);
    await until(() => listening.heard.length >= 11, { within: 30_000 });
    expect(listening.heard.map(({ id }) => id)).toHaveLength(new Set(listening.heard.map(({ id }) => id)).size);
    await Promise.all([listening.end(), relay.stop(), natsIsBack(bridge.nats)]);
  });
});

describe('the stream of facts', () => {
  test('is made by many at once, and keeps what it holds and what an operator has set', async () => {
    const management = await bridge.nats.jetstreamManager();
    const before = await management.streams.info(factStream.name);
    await management.streams.update(factStream.name, { ...before.config, max_age: 1e9 * 3600, description: 'ours' });
    await Promise.all(upTo(5).map(() => ensureFactStream(bridge.broker)));
    const { config, state } = await management.streams.info(factStream.name);
    expect(state.messages).toBe(before.state.messages);
    expect(config).toMatchObject({
      description: 'ours',
      retention: 'limits',
      storage: 'file',
      max_age: 30 * 24 * 3600 * 1e9,
      duplicate_window: 120 * 1e9,
    });
  });

  test('is warned about when NATS confirms before it is on disk, and only then', async () => {
    const monitor = `http://127.0.0.1:${bridge.rig.nats.ports['monitor']}`;
    const before = bridge.told.length;
    await warnUnlessSynced(monitor, bridge.log);
    await warnUnlessSynced('http://127.0.0.1:1', bridge.log);
    expect(bridge.told.slice(before).filter((line) => line.startsWith('warn'))).toEqual([]);
    await warnUnlessSynced(await lazyMonitor(), bridge.log);
    expect(bridge.told.at(-1)).toMatch(/^warn: NATS confirms messages before they are on disk/);
  });
});

/** What the monitor of a server with NATS's own setting says. */
async function lazyMonitor(): Promise<string> {
  const { createServer } = await import('node:http');
  const varz = { jetstream: { config: { sync_interval: 120_000_000_000 } } };
  const server = createServer((_request, response) => response.end(JSON.stringify(varz))).listen(0, '127.0.0.1');
  await timer(0);
  bridge.rig.onClose(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

/** Gathers what is heard until the test aborts. */
function hearing(options: Omit<ListenOptions, 'broker' | 'signal'>) {
  const heard: Fact[] = [];
  const end = new AbortController();
  const ended = (async () => {
    for await (const fact of listenToFacts({ broker: bridge.broker, signal: end.signal, ...options })) heard.push(fact);
  })();
  return { heard, end: () => (end.abort(), ended) };
}

async function waitingConsumers(): Promise<number> {
  const management = await bridge.nats.jetstreamManager();
  const consumers = await management.consumers.list(factStream.name).next();
  return consumers.filter(({ name, num_waiting: waiting }) => /_\d+$/.test(name) && waiting > 0).length;
}
