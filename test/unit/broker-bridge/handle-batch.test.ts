import { describe, expect, test } from 'vitest';
import type { Delivery, Message, Oldest } from '../../../broker-bridge/nats/broker.ts';
import { encodeFact } from '../../../broker-bridge/facts/cloud-events.ts';
import { BatchHandler } from '../../../broker-bridge/facts/handle-batch.ts';
import type { Log } from '../../../broker-bridge/component.ts';
import type { DeadLetter } from '../../../contracts/mediators/repair.ts';
import { chainOf, nowhere } from '../../../broker-bridge/facts/inbox-tables.ts';
import { InboxAway, type Inbox, type InboxTransaction } from '../../../broker-bridge/facts/inbox.ts';
import { aWrittenFact, factId } from '../../support/facts.ts';

/** A delivery of the key's nth fact that remembers what became of it. */
function delivered(sequence: number, { timesDelivered = 1, broken = false, unconfirmed = false } = {}) {
  const fate: string[] = [];
  const delivery: Delivery = {
    ...encodeFact(
      aWrittenFact('order-shipped', 'ord-1', broken ? 'no JSON' : '{}', { id: factId(sequence), sequence }),
    ),
    streamSequence: 100 + sequence,
    deliverySequence: sequence,
    timesDelivered,
    acknowledge() {
      fate.push('acknowledged');
      return unconfirmed ? Promise.reject(new Error('timeout')) : Promise.resolve();
    },
    postpone: () => void fate.push('postponed'),
  };
  return { delivery, fate };
}

/** Commits into memory; fails as told. */
function inboxInMemory(applied: number[], { away = false } = {}): Inbox {
  let last = nowhere;
  const tx: InboxTransaction = {
    run: () => Promise.resolve([]),
    execute: () => Promise.resolve(0),
    positions: (chains) => Promise.resolve(new Map(chains.map((chain) => [chainOf(chain), last]))),
    advance: (moved) => Promise.resolve(moved.forEach((to) => (last = to))),
    advanceInTurn: () => Promise.resolve(new Set()),
    tell: () => undefined,
    send: () => undefined,
    note: (ids) => Promise.resolve(new Set(ids)),
  };
  return {
    on: tx,
    prepare: () => Promise.resolve(),
    close: () => Promise.resolve(),
    async transaction(work) {
      if (away) throw new InboxAway('away');
      const before = { last, applied: applied.length };
      return work(tx).catch((error: unknown) => {
        last = before.last;
        applied.length = before.applied;
        throw error;
      });
    },
  };
}

function handling({
  poisoned,
  oldest = null,
  others = {},
  away = false,
  silent = false,
  handingOver = Promise.resolve(),
}: {
  poisoned?: number;
  oldest?: Oldest | null;
  others?: Readonly<Record<number, Message>>;
  away?: boolean;
  silent?: boolean;
  handingOver?: Promise<void>;
} = {}) {
  const sentLetters: DeadLetter[] = [];
  const applied: number[] = [];
  const told: string[] = [];
  const tell = (level: string) => (_details: object, message: string) => void told.push(`${level}: ${message}`);
  const log: Log = { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') };
  const handler = new BatchHandler({
    log,
    inbox: inboxInMemory(applied, { away }),
    broker: {
      oldest: (_stream, _subject, from = 1) => {
        const [at] = Object.keys(others).map(Number).filter((sequence) => sequence >= from); // prettier-ignore
        return Promise.resolve(at && oldest ? { ...oldest, onSubject: at } : oldest);
      },
      message: (_stream, sequence) => Promise.resolve(others[sequence] ?? null),
      streamInfo: () => Promise.resolve(stream),
      consumerInfo: () => Promise.resolve(null),
    },
    deadLetters: {
      send(event) {
        if (silent) return Promise.reject(new Error('Temporal is away'));
        sentLetters.push(event);
        return handingOver;
      },
    },
    listener: {
      name: 'test',
      schema: 'test',
      about: 'is a test',
      reads: 'orders',
      follows: 'every-fact-of-a-key',
      tables: '',
      apply(_tx, { sequence }) {
        if (sequence === poisoned) return Promise.reject(new Error('poisoned'));
        return Promise.resolve(void applied.push(sequence));
      },
    },
  });
  return {
    applied,
    told,
    sentLetters,
    take: (...all: { delivery: Delivery }[]) => handler.handle(all.map(({ delivery }) => delivery)),
    idle: () => handler.idle(),
    /** Waits for the dead letters too. */
    async handle(...all: { delivery: Delivery }[]) {
      await handler.handle(all.map(({ delivery }) => delivery));
      await handler.idle();
    },
  };
}

const stream = {
  created: '2026-11-23T10:00:00.000Z',
  firstSequence: 1,
  lastSequence: 200,
  messages: 200,
  removed: 0,
  bytes: 1,
};

describe('a listener handling a batch', () => {
  test('acknowledges what it has taken', async () => {
    const { handle, applied } = handling();
    const [one, two] = [delivered(1), delivered(2)];
    await handle(one, two);
    expect(applied).toEqual([1, 2]);
    expect([one.fate, two.fate]).toEqual([['acknowledged'], ['acknowledged']]);
  });

  test('acknowledges again what it has taken before, without a second effect', async () => {
    const { handle, applied } = handling();
    await handle(delivered(1));
    const again = delivered(1, { timesDelivered: 2 });
    await handle(again);
    expect(applied).toEqual([1]);
    expect(again.fate).toEqual(['acknowledged']);
  });

  test('keeps the others when one cannot be taken, and asks for that one again', async () => {
    const { handle, applied, told } = handling({ poisoned: 2 });
    const [one, two, three] = [delivered(1), delivered(2), delivered(3)];
    await handle(one, two, three);
    expect(applied).toEqual([1]);
    expect([one.fate, two.fate, three.fate]).toEqual([['acknowledged'], ['postponed'], ['postponed']]);
    expect(told).toContainEqual(expect.stringMatching(/^error: A fact could not be applied/));
  });

  test('sends a message that is no fact to the dead letters, and applies the next one', async () => {
    const { handle, applied, sentLetters } = handling();
    const [bad, good] = [delivered(7, { broken: true }), delivered(1)];
    await handle(bad, good);
    expect(applied).toEqual([1]);
    expect([bad.fate, good.fate]).toEqual([['acknowledged'], ['acknowledged']]);
    expect(sentLetters).toMatchObject([
      {
        caseId: 'listener-test-toy940-107',
        consumer: 'listener:test',
        subject: 'orders.fact.order-shipped.ord-1',
        reason: 'not-json',
        streamSequence: 107,
      },
    ]);
  });

  test('applies facts while a dead letter is being sent, and sends it once though its message comes again', async () => {
    let answer: (() => void) | undefined;
    const handingOver = new Promise<void>((resolve) => (answer = resolve));
    const { take, idle, applied, sentLetters } = handling({ handingOver });
    const [bad, again, one, two] = [
      delivered(7, { broken: true }),
      delivered(7, { broken: true }),
      delivered(1),
      delivered(2),
    ];
    await take(bad, one);
    await take(again, two);
    expect(applied).toEqual([1, 2]);
    expect([bad.fate, again.fate, one.fate, two.fate]).toEqual([[], [], ['acknowledged'], ['acknowledged']]);
    answer?.();
    await idle();
    expect([bad.fate, again.fate]).toEqual([['acknowledged'], []]);
    expect(sentLetters).toHaveLength(1);
  });

  test('asks again for a message that it could not send to the dead letters', async () => {
    const { handle, told } = handling({ silent: true });
    const bad = delivered(7, { broken: true });
    await handle(bad);
    expect(bad.fate).toEqual(['postponed']);
    expect(told).toContainEqual(expect.stringMatching(/^warn: A dead letter could not be sent/));
  });

  test('sends a fact to the dead letters once it has failed five times, and not before', async () => {
    const { handle, sentLetters } = handling({ poisoned: 1 });
    const tries = [1, 2, 3, 4, 5].map((timesDelivered) => delivered(1, { timesDelivered }));
    for (const one of tries) await handle(one);
    expect(tries.map(({ fate }) => fate[0])).toEqual([...Array<string>(4).fill('postponed'), 'acknowledged']);
    expect(sentLetters).toMatchObject([
      { reason: 'not-taken', message: 'The listener test has failed on it 5 times.' },
    ]);
  });

  test('asks for all of them again, with one line, when PostgreSQL is away', async () => {
    const { handle, told } = handling({ away: true });
    const [one, two] = [delivered(1), delivered(2)];
    await handle(one, two);
    expect([one.fate, two.fate]).toEqual([['postponed'], ['postponed']]);
    expect(told).toHaveLength(1);
  });

  test('carries on when an acknowledgement is not confirmed', async () => {
    const { handle, applied } = handling();
    const one = delivered(1, { unconfirmed: true });
    await handle(one);
    await handle(delivered(2));
    expect(one.fate).toEqual(['acknowledged']);
    expect(applied).toEqual([1, 2]);
  });

  test('waits at a gap while the stream may still have what is missing', async () => {
    const { handle, applied } = handling({ oldest: { time: '2026-11-23T10:00:00Z', onSubject: 103, ofStream: 1 } });
    const early = delivered(3, { timesDelivered: 3 });
    await handle(early);
    expect(applied).toEqual([]);
    expect(early.fate).toEqual(['postponed']);
  });

  test('goes on without facts that the stream has let go of, and says so', async () => {
    const { handle, applied, told } = handling({
      oldest: { time: '2026-11-23T10:00:00Z', onSubject: 103, ofStream: 50 },
    });
    const early = delivered(3, { timesDelivered: 3 });
    await handle(early);
    expect(applied).toEqual([3]);
    expect(early.fate).toEqual(['acknowledged']);
    expect(told).toContainEqual(expect.stringMatching(/^error: The stream no longer holds/));
  });

  test('goes on when the older facts that the stream still has of the key are of another source', async () => {
    const payment = aWrittenFact('payment-applied', 'ord-1', '{}', { source: 'order-mediator/payment' });
    const { handle, applied } = handling({
      oldest: { time: '2026-11-23T10:00:00Z', onSubject: 103, ofStream: 50 },
      others: { 60: encodeFact(payment), 61: encodeFact({ ...payment, sequence: 2 }) },
    });
    const early = delivered(3, { timesDelivered: 3 });
    await handle(early);
    expect(applied).toEqual([3]);
    expect(early.fate).toEqual(['acknowledged']);
  });

  test('goes on when a stream that has let go of nothing has had nothing earlier of the key for long', async () => {
    const { handle, applied, told } = handling({
      oldest: { time: '2026-11-23T10:00:00Z', onSubject: 103, ofStream: 1 },
    });
    const [early, next] = [delivered(3, { timesDelivered: 9 }), delivered(4, { timesDelivered: 9 })];
    await handle(early, next);
    expect(applied).toEqual([3]);
    expect([early.fate, next.fate]).toEqual([['acknowledged'], ['postponed']]);
    expect(told).toContainEqual(expect.stringMatching(/^error: The stream no longer holds/));
    await handle(next);
    expect(applied).toEqual([3, 4]);
  });
});
