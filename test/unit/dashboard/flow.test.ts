import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConsumerInfo } from '../../../broker-bridge/nats/broker.ts';
import { createConsumerLiveness, relayLiveness } from '../../../dashboard/server/flow/consumer-liveness.ts';
import { createBrokerFlow, createRates } from '../../../dashboard/server/flow/broker-flow.ts';
import { cachedByCost } from '../../../dashboard/server/flow/flow.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout'] }));
afterEach(() => void vi.useRealTimers());

const nothing = () => Promise.resolve(null);

describe('a listener', () => {
  const idle: ConsumerInfo = {
    pending: 0,
    inFlight: 0,
    redelivered: 0,
    acknowledgedTo: 5,
    beginsAt: 1,
    pausedUntil: null,
    waitingPulls: 1,
  };
  const look = createBrokerFlow(['mails']);
  const livenessWith = async (info: Partial<ConsumerInfo>) => {
    const consumerInfo = (stream: string) => Promise.resolve(stream === 'FACTS' ? { ...idle, ...info } : null);
    const broker = { consumerInfo, streamInfo: nothing, message: nothing, oldest: nothing };
    const { listeners } = await look(broker, 0);
    vi.advanceTimersByTime(4_000);
    return listeners.map(({ liveness }) => liveness).join();
  };

  it('is shouted at when nobody polls it, and not for the moment between two polls', async () => {
    expect(await livenessWith({})).toBe('ok');
    expect(await livenessWith({ waitingPulls: 0, pending: 3 })).toBe('ok');
    expect(await livenessWith({ waitingPulls: 0, pending: 3 })).toBe('unpolled');
    expect(await livenessWith({ waitingPulls: 0, pending: 2, acknowledgedTo: 6 })).toBe('ok');
  });

  it('is stuck when it polls and nothing is acknowledged', async () => {
    const busy = { pending: 9, acknowledgedTo: 7 };
    expect(await livenessWith(busy)).toBe('ok');
    const later = [await livenessWith(busy), await livenessWith(busy), await livenessWith(busy)];
    expect(later).toEqual(['ok', 'ok', 'stuck']);
  });
});

describe('a listener that is looked at for the first time', () => {
  const between: ConsumerInfo = {
    pending: 3,
    inFlight: 0,
    redelivered: 0,
    acknowledgedTo: 5,
    beginsAt: 1,
    pausedUntil: null,
    waitingPulls: 0,
  };

  it('between two polls is not shouted at before it could have polled, whether the desk has just begun or looked away', () => {
    let now = 0;
    const attended = createConsumerLiveness(() => now);
    const at = (seconds: number) => ((now = seconds * 1000), attended('FACTS mails', between));
    expect([at(0), at(4), at(8), at(100), at(104), at(108)]).toEqual([
      'unknown',
      'unknown',
      'unpolled',
      'unknown',
      'unknown',
      'unpolled',
    ]);
  });

  it('and has never run is shown, and shouted at', async () => {
    const { listeners } = await createBrokerFlow(['mails'])(
      { consumerInfo: nothing, streamInfo: nothing, message: nothing, oldest: nothing },
      0,
    );
    expect(listeners).toEqual([
      expect.objectContaining({ name: 'mails', stream: 'FACTS', hasRun: false, depth: 0, liveness: 'unpolled' }),
    ]);
  });
});

describe('the queues', () => {
  const state = { created: '', firstSequence: 4, lastSequence: 6, messages: 3, removed: 0, bytes: 90 };
  const taken = {
    pending: 2,
    inFlight: 1,
    redelivered: 0,
    acknowledgedTo: 3,
    beginsAt: 1,
    pausedUntil: null,
    waitingPulls: 1,
  };

  it('are that of initiating events and that of the supplier’s deliveries, each with what waits there', async () => {
    const broker = {
      streamInfo: (stream: string) => Promise.resolve(stream === 'SUPPLIER_DELIVERIES' ? state : null),
      consumerInfo: (stream: string) => Promise.resolve(stream === 'SUPPLIER_DELIVERIES' ? taken : null),
      message: nothing,
      oldest: nothing,
    };
    const { queue, deliveries } = await createBrokerFlow([])(broker, 5);
    expect(queue).toBeNull();
    expect(deliveries).toMatchObject({ depth: 3, pending: 2, inFlight: 1, pollers: 1, liveness: 'ok' });
    const all = { ...broker, streamInfo: () => Promise.resolve({ ...state, messages: 8 }) };
    expect(await createBrokerFlow([])(all, 5)).toMatchObject({
      queue: { stream: 'CUSTOMER_EVENTS', depth: 8, waiting: 5 },
      deliveries: { stream: 'SUPPLIER_DELIVERIES', depth: 8 },
    });
  });
});

describe('the relay', () => {
  it.each([
    ['nothing waits', null, 0, 'ok'],
    ['facts are young', 3, 0, 'ok'],
    ['facts are old, and some are published', 60, 20, 'ok'],
    ['facts are old, and none is published', 60, 0, 'stuck'],
    ['facts are old, and nobody knows what is published', 60, null, 'unknown'],
  ] as const)('when %s', (_, oldestSeconds, outPerSecond, liveness) => {
    expect(relayLiveness({ oldestSeconds, outPerSecond })).toBe(liveness);
  });
});

describe('a rate', () => {
  it('is known from the second look on, and not after a counter began anew', () => {
    let now = 0;
    const rates = createRates(() => now);
    const at = (seconds: number, count: number) => ((now = seconds * 1000), rates.perSecond('in', count));
    expect([at(0, 10), at(2, 30), at(2.1, 99), at(4, 50), at(6, 0)]).toEqual([null, 10, 10, 10, null]);
  });
});

describe('work that is asked for again and again', () => {
  it('is done no more often than it is worth', async () => {
    const work = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return work.mock.calls.length;
    });
    const asked = cachedByCost(work);
    const both = [asked(), asked()];
    await vi.advanceTimersByTimeAsync(100);
    expect(await Promise.all(both)).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(4_800);
    expect(await asked()).toBe(1);
    await vi.advanceTimersByTimeAsync(300);
    const second = asked();
    await vi.advanceTimersByTimeAsync(100);
    expect(await second).toBe(2);
  });

  it('is asked anew after it failed', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve('here')];
    const asked = cachedByCost(() => answers.shift() ?? Promise.resolve('none'));
    await expect(asked()).rejects.toThrow('away');
    expect(await asked()).toBe('here');
  });
});
