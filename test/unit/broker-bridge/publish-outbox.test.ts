import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { QueueFull, type Broker, type OutgoingMessage, type StreamInfo } from '../../../broker-bridge/nats/broker.ts';
import { publishOutbox, type PublishingClaim } from '../../../broker-bridge/outbox/publish.ts';
import type { OutboxFact } from '../../../broker-bridge/outbox/rows.ts';
import { until } from '../../support/until.ts';
import { silentLog } from '../../support/silent-log.ts';
import { aWrittenFact, factId } from '../../support/facts.ts';

const outboxFact = (position: number, key: string, sequence: number): OutboxFact => ({
  ...aWrittenFact('order-shipped', key, '{}', { id: factId(position), sequence }),
  position: String(position),
  timesLost: 0,
});

/** An outbox in memory. */
function claimed(rows: readonly OutboxFact[]) {
  const lost = new AbortController();
  const marked = new Map<string, number>();
  const shut = new Map<string, string>();
  const handedOut: string[] = [];
  const claim: PublishingClaim = {
    lost: lost.signal,
    onNews: () => {},
    unpublished(most, exceptPositions, exceptKeys) {
      const leftOut = new Set([...marked.keys(), ...exceptPositions]);
      const keysLeftOut = new Set(exceptKeys);
      const wanted = rows.filter(({ position, key }) => !leftOut.has(position) && !keysLeftOut.has(key));
      const oldest = wanted.slice(0, most);
      handedOut.push(...oldest.map(({ key }) => key));
      return Promise.resolve(oldest);
    },
    markUnpublishable: (facts) => Promise.resolve(facts.forEach((fact) => shut.set(fact.position, fact.unpublishable))),
    markPublished: (facts) => Promise.resolve(facts.forEach((fact) => marked.set(fact.position, fact.streamSequence))),
  };
  return { claim, marked, shut, handedOut, lose: () => lost.abort(new Error('lost')) };
}

/** A broker whose confirmations the test gives. */
function brokerByHand() {
  const open: { key: string; sequence: number; confirm(): void; fail(): void }[] = [];
  const sent: string[] = [];
  const publish = ({ headers }: OutgoingMessage) =>
    new Promise<{ streamSequence: number }>((resolve, reject) => {
      const [key, sequence] = [headers['ce-subject'] ?? '', Number(headers['ce-keysequence'])];
      sent.push(`${key}/${sequence}`);
      const answered = (answer: () => void) => () => {
        open.splice(open.indexOf(entry), 1);
        answer();
      };
      const entry = {
        key,
        sequence,
        confirm: answered(() => resolve({ streamSequence: sent.length })),
        fail: answered(() => reject(new Error('no answer'))),
      };
      open.push(entry);
    });
  const broker = {
    publish,
    connected: () => Promise.resolve(),
    ensureStream: () => Promise.resolve(),
    onceDown: () => () => {},
  };
  return { broker: broker as unknown as Broker, open, sent };
}

/** A broker that confirms at once, except what is about keys that begin with `bad`: that it refuses, or never takes. */
function brokerWithTaste(refusal: Error = new Error('no room')) {
  const tries: string[] = [];
  const publish = async ({ headers }: OutgoingMessage) => {
    const key = headers['ce-subject'] ?? '';
    tries.push(key);
    await new Promise(setImmediate);
    if (key.startsWith('bad')) throw refusal;
    return { streamSequence: tries.length };
  };
  const broker = {
    publish,
    connected: () => Promise.resolve(),
    ensureStream: () => Promise.resolve(),
    onceDown: () => () => {},
  };
  return { broker: broker as unknown as Broker, tries };
}

const begun = {
  created: '2026-11-23T10:00:00.000Z',
  firstSequence: 1,
  lastSequence: 0,
  messages: 0,
  removed: 0,
  bytes: 0,
};

function publishing(rows: readonly OutboxFact[]) {
  return publishingWith(brokerByHand(), rows);
}

function publishingWith<Hand extends { readonly broker: Broker }>(hand: Hand, rows: readonly OutboxFact[]) {
  const stop = new AbortController();
  const outbox = claimed(rows);
  const { broker } = hand;
  const { signal } = stop;
  const source = 'order-mediator';
  const ended = publishOutbox({ claim: outbox.claim, broker, source, stream: begun, log: silentLog, signal });
  return { ...outbox, ...hand, ended, stop: () => stop.abort() };
}

describe('the relay publishing', () => {
  test('goes on while the server does not say how the stream is, and ends when it has lost facts', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const looks: ((answer: StreamInfo | null) => void)[] = [];
    const taste = brokerWithTaste();
    const streamInfo = () => new Promise<StreamInfo | null>((resolve) => looks.push(resolve));
    const rows = [outboxFact(1, 'a', 1)];
    const { ended, marked } = publishingWith({ broker: { ...taste.broker, streamInfo } }, rows);
    await until(() => marked.has('1'));
    vi.setSystemTime(Date.now() + 11_000);
    await until(() => looks.length === 1);
    rows.push(outboxFact(2, 'b', 1));
    vi.setSystemTime(Date.now() + 60_000);
    await until(() => marked.has('2'));
    expect(looks).toHaveLength(1);
    looks[0]?.({ ...begun, lastSequence: 1 }); // 2 was confirmed after the question
    await new Promise(setImmediate);
    vi.setSystemTime(Date.now() + 11_000);
    await until(() => looks.length === 2);
    looks[1]?.({ ...begun, lastSequence: 1 });
    await expect(ended).rejects.toThrow('it has lost facts');
  });

  test('sends the next fact of a key only when the one before is confirmed, other keys meanwhile', async () => {
    const { open, sent, marked, ended, stop } = publishing([
      outboxFact(1, 'a', 1),
      outboxFact(2, 'a', 2),
      outboxFact(3, 'b', 1),
    ]);
    await until(() => sent.length === 2);
    expect(sent).toEqual(['a/1', 'b/1']);
    open[1]?.confirm();
    await until(() => marked.has('3'));
    expect(sent).toHaveLength(2);
    open[0]?.confirm();
    await until(() => sent.length === 3);
    expect(sent.at(-1)).toBe('a/2');
    open.slice().forEach(({ confirm }) => confirm());
    await until(() => marked.size === 3);
    stop();
    await ended;
  });

  test('sends the oldest of each key at once, in the order of the outbox', async () => {
    const keys = ['a', 'a', 'b', 'a', 'c', 'b'];
    const { open, sent, marked, ended, stop } = publishing(
      keys.map((key, index) => outboxFact(index + 1, key, index + 1)),
    );
    await until(() => open.length === 3);
    expect(sent).toEqual(['a/1', 'b/3', 'c/5']);
    await until(() => {
      open.slice().forEach(({ confirm }) => confirm());
      return marked.size === 6;
    });
    for (const key of ['a', 'b', 'c']) {
      const sequences = sent.filter((one) => one.startsWith(`${key}/`)).map((one) => Number(one.slice(2)));
      expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
    }
    stop();
    await ended;
  });

  test('sends a fact that was not confirmed again, before any later one of its key', async () => {
    const { open, sent, marked, ended, stop } = publishing([outboxFact(1, 'a', 1), outboxFact(2, 'a', 2)]);
    await until(() => open.length === 1);
    open[0]?.fail();
    await until(() => sent.length === 2);
    expect(sent).toEqual(['a/1', 'a/1']);
    open[0]?.confirm();
    await until(() => sent.length === 3);
    open[0]?.confirm();
    await until(() => marked.size === 2);
    stop();
    await ended;
  });

  test('has at most 128 on their way', async () => {
    const rows = Array.from({ length: 200 }, (_, index) => outboxFact(index, `k${index}`, 1));
    const { open, ended, stop } = publishing(rows);
    await until(() => open.length === 128);
    open.slice(0, 10).forEach(({ confirm }) => confirm());
    await until(() => open.length === 128);
    stop();
    open.slice().forEach(({ confirm }) => confirm());
    await ended;
  });

  test('sends other facts although more are refused, again and again, than may be on their way', async () => {
    const bad = Array.from({ length: 300 }, (_, index) => outboxFact(index + 1, `bad${index}`, 1));
    const { tries, marked, ended, stop } = publishingWith(brokerWithTaste(), [...bad, outboxFact(301, 'good', 1)]);
    await until(() => marked.has('301'));
    await until(() => tries.filter((key) => key === 'bad299').length >= 3, { what: 'the refused to be tried again' });
    stop();
    await ended;
    expect([...marked.keys()]).toEqual(['301']);
  });

  test('sends other facts although there are any number that the broker never takes, each tried once', async () => {
    const bad = Array.from({ length: 6_000 }, (_, index) => outboxFact(index + 1, `bad${index >> 1}`, (index % 2) + 1));
    const hand = brokerWithTaste(new QueueFull('too-large'));
    const { tries, marked, shut, ended, stop } = publishingWith(hand, [...bad, outboxFact(6_001, 'good', 1)]);
    await until(() => marked.has('6001'), { what: 'the fact behind them' });
    stop();
    await ended;
    expect([...marked.keys()]).toEqual(['6001']);
    expect(tries.filter((key) => key !== 'good')).toHaveLength(3_000);
    expect([shut.size, shut.get('1')]).toEqual([3_000, 'The message is larger than the queue accepts.']);
  });

  test('reads on past facts that wait behind one that is refused, and sends none of those', async () => {
    const bad = Array.from({ length: 2_000 }, (_, index) => outboxFact(index + 1, 'bad', index + 1));
    const good = Array.from({ length: 600 }, (_, index) => outboxFact(index + 2_001, `good${index}`, 1));
    const { tries, handedOut, marked, ended, stop } = publishingWith(brokerWithTaste(), [...bad, ...good]);
    await until(() => marked.size === 600);
    stop();
    await ended;
    expect(handedOut.filter((key) => key === 'bad')).toHaveLength(500);
    expect(marked.has('1')).toBe(false);
    expect(tries.filter((key) => key === 'bad').length).toBeLessThan(20);
  });

  test('sends the later facts of a key in sequence after one that was refused for a while', async () => {
    const { open, sent, marked, ended, stop } = publishing([1, 2, 3].map((nth) => outboxFact(nth, 'a', nth)));
    for (const nth of [1, 2, 3]) {
      await until(() => open[0]?.sequence === nth);
      open[0]?.fail();
      await until(() => open[0]?.sequence === nth);
      open[0]?.confirm();
    }
    await until(() => marked.size === 3);
    expect(sent).toEqual(['a/1', 'a/1', 'a/2', 'a/2', 'a/3', 'a/3']);
    stop();
    await ended;
  });

  test('sends nothing more once it has lost its claim, and fails', async () => {
    const { open, sent, ended, lose } = publishing([outboxFact(1, 'a', 1), outboxFact(2, 'a', 2)]);
    await until(() => open.length === 1);
    lose();
    open[0]?.confirm();
    await expect(ended).rejects.toThrow('lost');
    expect(sent).toEqual(['a/1']);
  });

  test('marks what was confirmed when it is asked to stop, and sends nothing new', async () => {
    const { open, sent, marked, ended, stop } = publishing([outboxFact(1, 'a', 1), outboxFact(2, 'a', 2)]);
    await until(() => open.length === 1);
    stop();
    open[0]?.confirm();
    await ended;
    expect(sent).toEqual(['a/1']);
    expect([...marked.keys()]).toEqual(['1']);
  });
});
