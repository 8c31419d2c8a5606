import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHub } from '../../../dashboard/server/live/hub.ts';
import { createWatcher, type Watched } from '../../../dashboard/server/live/watcher.ts';
import type { FlowSnapshot } from '../../../dashboard/server/api/flow.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const viewer = (keepsUp = true) => {
  const sent: string[] = [];
  return {
    sent,
    ended: vi.fn(),
    send: (text: string) => (sent.push(text), keepsUp),
    end() {
      this.ended();
    },
  };
};

describe('whoever looks', () => {
  it('is greeted, told what is new, and kept from being cut off while nothing is', () => {
    const hub = createHub('one', () => undefined);
    const ada = viewer();
    hub.join(ada);
    hub.tell('cases', { changed: ['a\nb'], isCut: false, open: 1 });
    vi.advanceTimersByTime(15_000);
    expect(ada.sent).toEqual([
      'retry: 1000\nevent: hello\ndata: {"server":"one"}\n\n',
      'event: cases\ndata: {"changed":["a\\nb"],"isCut":false,"open":1}\n\n',
      ':\n\n',
    ]);
    hub.close();
    expect(ada.ended).toHaveBeenCalledOnce();
  });

  it('and does not keep up is sent away, the others stay', () => {
    const hub = createHub('one', () => undefined);
    const [slow, quick] = [viewer(false), viewer()];
    hub.join(slow);
    hub.join(quick);
    hub.tell('returns', { waiting: 1 });
    hub.tell('returns', { waiting: 2 });
    expect([slow.sent.length, slow.ended.mock.calls.length, quick.sent.length]).toEqual([2, 1, 3]);
    hub.close();
  });

  it('is one of a hundred at most', () => {
    const hub = createHub('one', () => undefined);
    const leave = Array.from({ length: 100 }, () => hub.join(viewer()));
    expect(hub.isFull).toBe(true);
    leave[0]?.();
    expect(hub.isFull).toBe(false);
    hub.close();
  });
});

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('what changes', () => {
  const seen = { fact: '0', audit: '0', at: '' };
  const people = { returns: 0, approvals: 0, mark: '' };
  const nothing = { orders: [], cases: [], isCut: false, openCases: 0, people };

  /** A watch whose seconds pass when the test says so. */
  function watching(changedSince: Watched['changedSince'], flow = () => Promise.resolve({} as FlowSnapshot)) {
    const looks = { count: 0 };
    const watched: Watched = {
      seenNow: () => Promise.resolve(seen),
      changedSince: (...args) => ((looks.count += 1), changedSince(...args)),
      flow,
    };
    const told: string[] = [];
    const tell = (_: object, message: string) => void told.push(message);
    const seconds: (() => void)[] = [];
    const pause = (_: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        const end = () => (signal?.removeEventListener('abort', end), resolve());
        seconds.push(end);
        signal?.addEventListener('abort', end);
      });
    const watcher = createWatcher(watched, () => hub, { debug: tell, info: tell, warn: tell, error: tell }, pause);
    const hub = createHub('one', (isThere) => watcher.onCrowd(isThere));
    const pass = async (turns: number) => {
      await settle();
      for (let turn = 0; turn < turns; turn += 1) {
        seconds.splice(0).forEach((end) => end());
        await settle();
      }
    };
    return { hub, looks, told, pass };
  }

  it('is looked for once a second for all together, and not at all while nobody looks', async () => {
    const { hub, looks, pass } = watching(() => Promise.resolve(nothing));
    await pass(3);
    expect(looks.count).toBe(0);
    const leave = [hub.join(viewer()), hub.join(viewer()), hub.join(viewer())];
    await pass(3);
    expect(looks.count).toBe(4);
    for (const end of leave) end();
    await pass(3);
    expect(looks.count).toBe(4);
  });

  it('is told once, and again when it changes again', async () => {
    const turns = [
      [{ id: 'ord-1', mark: '5' }],
      [{ id: 'ord-1', mark: '5' }],
      [
        { id: 'ord-1', mark: '5' },
        { id: 'ord-2', mark: '6' },
      ],
      [{ id: 'ord-1', mark: '7' }],
    ];
    const { hub, pass } = watching(() => Promise.resolve({ ...nothing, orders: turns.shift() ?? [] }));
    const ada = viewer();
    hub.join(ada);
    await pass(5);
    hub.close();
    const orders = ada.sent.flatMap((text) => /event: orders\ndata: (.*)/.exec(text)?.[1] ?? []);
    const changed = orders.map((data) => (JSON.parse(data) as { changed: string[] }).changed);
    expect(changed).toEqual([['ord-1'], ['ord-2'], ['ord-1']]);
  });

  it('is told of whatever happens to a return or an approval, though their numbers stay', async () => {
    const turns = [
      { returns: 2, approvals: 1, mark: 'a' },
      { returns: 2, approvals: 1, mark: 'a' },
      { returns: 2, approvals: 1, mark: 'b' },
      { returns: 2, approvals: 0, mark: 'b' },
    ];
    const last = { returns: 2, approvals: 0, mark: 'b' };
    const { hub, pass } = watching(() => Promise.resolve({ ...nothing, people: turns.shift() ?? last }));
    const ada = viewer();
    hub.join(ada);
    await pass(6);
    hub.close();
    const told = ada.sent.flatMap((text) => /event: returns\ndata: (.*)/.exec(text)?.[1] ?? []);
    expect(told.map((data) => JSON.parse(data) as object)).toEqual([
      { waiting: 2, approvals: 1 },
      { waiting: 2, approvals: 1 },
      { waiting: 2, approvals: 0 },
    ]);
  });

  it('is told while Temporal is silent and the flow waits for it', async () => {
    let mark = 0;
    const { hub, pass } = watching(
      () => Promise.resolve({ ...nothing, orders: [{ id: 'ord-1', mark: String((mark += 1)) }] }),
      () => new Promise<FlowSnapshot>(() => undefined),
    );
    const ada = viewer();
    hub.join(ada);
    await pass(3);
    hub.close();
    expect(ada.sent.filter((text) => text.startsWith('event: orders'))).toHaveLength(4);
  });

  it('in several ways at once is told once, and not again when some of them are long ago', async () => {
    const two = [
      { id: 'ord-1', mark: '5' },
      { id: 'ord-1', mark: 'hold' },
    ];
    const turns = [two, [{ id: 'ord-1', mark: 'hold' }], two];
    const { hub, pass } = watching(() => Promise.resolve({ ...nothing, orders: turns.shift() ?? [] }));
    const ada = viewer();
    hub.join(ada);
    await pass(1);
    hub.close();
    expect(ada.sent.filter((text) => text.startsWith('event: orders'))).toHaveLength(1);
  });

  it('is looked for again after the database was away, which is logged once', async () => {
    let turn = 0;
    const { hub, told, pass } = watching(() => {
      turn += 1;
      return turn < 4
        ? Promise.reject(new Error('away'))
        : Promise.resolve({ ...nothing, orders: [{ id: 'ord-1', mark: '1' }] });
    });
    const ada = viewer();
    hub.join(ada);
    await pass(5);
    hub.close();
    expect(told).toHaveLength(1);
    expect(ada.sent.join('')).toContain('ord-1');
  });
});
