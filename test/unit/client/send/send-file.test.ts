import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { QueueFull, type OutgoingMessage } from '../../../../broker-bridge/nats/broker.ts';
import { deliver, type Delivered } from '../../../../client/send/deliver.ts';
import { linesOf } from '../../../../client/send/lines.ts';
import { noReport, openReport } from '../../../../client/send/report.ts';
import { sendFile, type SendRun } from '../../../../client/send/send-file.ts';
import type { EventResult } from '../../../../client/send/tally.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'send-'));
});
afterAll(() => rm(folder, { recursive: true }));

const event = (id: string, customerId = id) =>
  JSON.stringify({ specversion: '1.0', id, source: 'urn:shop', type: 'address-changed', data: { customerId } });

const idOf = (message: OutgoingMessage) => String(message.headers['ce-id']);
const acknowledged: Delivered = { state: 'acknowledged' };

async function* inputOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.join('\n'));
}

/** Sends lines to a queue of the test's choice, and collects what became of each. */
async function send(lines: readonly string[], changes: Partial<SendRun> = {}) {
  const settled: EventResult[] = [];
  const tally = await sendFile({
    lines: linesOf(inputOf(lines)),
    report: noReport,
    window: 64,
    check: (read) => read,
    deliver: () => Promise.resolve(acknowledged),
    onResult: (one) => void settled.push(one),
    onProgress: () => undefined,
    interrupted: new AbortController().signal,
    ...changes,
  });
  return { tally, settled };
}

describe('a file', () => {
  test('is sent whole, and what the client cannot publish is refused with its line', async () => {
    const { tally, settled } = await send([event('e-1'), 'no JSON', event('e-3')]);
    expect(tally).toMatchObject({ sent: 3, acknowledged: 2, refused: 1, stoppedAtLine: undefined });
    expect(settled.filter(({ state }) => state === 'refused')).toEqual([
      { state: 'refused', line: 2, id: undefined, reason: 'is not JSON' },
    ]);
  });

  test('never has more unacknowledged than the window, and fills it', async () => {
    let underWay = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, (underWay += 1));
      await turn();
      underWay -= 1;
      return acknowledged;
    };
    const ids = Array.from({ length: 30 }, (_, index) => `e-${index}`);
    await send(ids.map((id) => event(id)), { window: 4, deliver: slow }); // prettier-ignore
    expect(most).toBe(4);
  });

  test('keeps the order of one customer: each event is acknowledged before the next is published', async () => {
    const begun: string[] = [];
    const ended: string[] = [];
    const slow = async (message: OutgoingMessage) => {
      begun.push(`${idOf(message)} after ${ended.filter((id) => id.startsWith('a')).length}`);
      await turn();
      ended.push(idOf(message));
      return acknowledged;
    };
    await send([event('a-0', 'a'), event('a-1', 'a'), event('b-0', 'b'), event('a-2', 'a')], { deliver: slow });
    expect(begun.filter((one) => one.startsWith('a'))).toEqual(['a-0 after 0', 'a-1 after 1', 'a-2 after 2']);
  });

  test('is not sent further when an event could not be brought to the queue', async () => {
    const full: Delivered = { state: 'refused', reason: 'was refused: the queue is full', isFinal: false };
    const tried: string[] = [];
    const { tally } = await send([event('e-1'), event('e-2'), event('e-3')], {
      window: 1,
      deliver: (message) => Promise.resolve(tried.push(idOf(message)) === 2 ? full : acknowledged),
    });
    expect(tally).toMatchObject({ sent: 2, acknowledged: 1, refused: 1, stoppedAtLine: 2 });
    expect(tried).toEqual(['e-1', 'e-2']);
  });

  test('goes on after an event that is too large', async () => {
    const tooLarge: Delivered = { state: 'refused', reason: 'is too large', isFinal: true };
    const { tally } = await send([event('e-1'), event('e-2')], {
      deliver: (message) => Promise.resolve(idOf(message) === 'e-1' ? tooLarge : acknowledged),
    });
    expect(tally).toMatchObject({ sent: 2, acknowledged: 1, refused: 1, stoppedAtLine: undefined });
  });

  test('is not sent further when it is interrupted, and what is under way is waited for', async () => {
    const interruption = new AbortController();
    const { tally } = await send([event('e-1'), event('e-2'), event('e-3')], {
      interrupted: interruption.signal,
      window: 1,
      deliver: async () => {
        interruption.abort();
        await turn();
        return acknowledged;
      },
    });
    expect(tally).toMatchObject({ sent: 1, acknowledged: 1 });
  });
});

describe('a report', () => {
  test('has the next run send only what is not acknowledged there, changed lines included', async () => {
    const path = join(folder, 'resumed.jsonl');
    const first = await openReport(path);
    const noAnswer: Delivered = { state: 'unanswered', reason: 'had no answer', isFinal: true };
    await send([event('e-1'), event('e-2'), event('e-3'), 'no JSON'], {
      report: first,
      deliver: (message) => Promise.resolve(idOf(message) === 'e-2' ? noAnswer : acknowledged),
    });
    await first.close();
    const again = await openReport(path);
    const sent: string[] = [];
    const { tally } = await send([event('e-0'), event('e-1'), event('e-2'), event('e-3', 'another'), event('e-4')], {
      report: again,
      deliver: (message) => Promise.resolve((sent.push(idOf(message)), acknowledged)),
    });
    await again.close();
    expect(sent).toEqual(['e-0', 'e-2', 'e-3', 'e-4']);
    expect(tally).toMatchObject({ sent: 4, acknowledged: 4, refused: 0, before: 1 });
    const states = (await readFile(path, 'utf8')).trim().split('\n').filter(Boolean).map((one) => (JSON.parse(one) as EventResult).state); // prettier-ignore
    expect(states.toSorted()).toEqual([...Array.from({ length: 6 }, () => 'acknowledged'), 'refused', 'unanswered']);
  });

  test('that was cut off in the middle of a line is used as far as it goes', async () => {
    const path = join(folder, 'torn.jsonl');
    const first = await openReport(path);
    await send([event('e-1')], { report: first });
    await first.close();
    await writeFile(path, `${await readFile(path, 'utf8')}{"state":"ackno`);
    const again = await openReport(path);
    const { tally } = await send([event('e-1'), event('e-2')], { report: again });
    await again.close();
    const third = await openReport(path);
    const last = await send([event('e-1'), event('e-2')], { report: third });
    await third.close();
    expect([tally.before, last.tally.before]).toEqual([1, 2]);
  });

  test('is not written into another file', async () => {
    const path = join(folder, 'events.jsonl');
    await writeFile(path, event('e-1'));
    await expect(openReport(path)).rejects.toThrow('is another file, not a report');
    expect(await readFile(path, 'utf8')).toBe(event('e-1'));
  });

  test('that cannot be written is bad input', async () => {
    await expect(openReport(join(folder, 'no', 'such.jsonl'))).rejects.toMatchObject({ kind: 'bad-input' });
  });
});

describe('an event is asked to be taken', () => {
  const message = { id: '1', subject: 'customer.event.x', headers: {}, data: new Uint8Array() };
  const deliverVia = (answers: readonly (Error | undefined)[], deadlineMs: number) => {
    let asked = 0;
    const publish = () => {
      const error = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      return error ? Promise.reject(error) : Promise.resolve();
    };
    const interrupted = new AbortController().signal;
    return deliver(message, { publish, deadlineMs, interrupted }).then((answer) => ({ answer, asked }));
  };

  test('again while the queue is full or silent', async () => {
    const { answer, asked } = await deliverVia([new QueueFull('full'), new Error('timeout'), undefined], 5000);
    expect({ answer, asked }).toEqual({ answer: acknowledged, asked: 3 });
  });

  test.each([
    ['refused, when the queue is full', new QueueFull('full'), 'refused'],
    ['unanswered, when nobody answers', new Error('timeout'), 'unanswered'],
  ])('until the deadline, and is then %s', async (_, error, state) => {
    const { answer, asked } = await deliverVia([error], 600);
    expect(answer).toMatchObject({ state, isFinal: false });
    expect(asked).toBeGreaterThan(1);
  });

  test('once, when it is larger than the queue takes', async () => {
    const { answer, asked } = await deliverVia([new QueueFull('too-large')], 5000);
    expect({ answer, asked }).toEqual({
      answer: expect.objectContaining({ state: 'refused', isFinal: true }),
      asked: 1,
    });
  });
});
