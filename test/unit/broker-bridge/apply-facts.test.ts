import { describe, expect, test } from 'vitest';
import type { Listener } from '../../../broker-bridge/facts/listener.ts';
import { createApplyFacts, turnOf } from '../../../broker-bridge/facts/apply-facts.ts';
import type { Fact } from '../../../contracts/facts.ts';
import { chainOf, nowhere, type Position } from '../../../broker-bridge/facts/inbox-tables.ts';
import type { InboxTransaction } from '../../../broker-bridge/facts/inbox.ts';
import { aFact } from '../../support/facts.ts';

const fact = (key: string, sequence: number): Fact =>
  aFact(
    'email-sent',
    key,
    { orderId: key, customerId: 'c-1', kind: 'shipped' },
    { id: `${key}-${sequence}`, sequence },
  );

/** An inbox in memory, kept between the transactions of one test. */
function inboxInMemory() {
  const positions = new Map<string, Position>();
  const noted = new Set<string>();
  const tx: InboxTransaction = {
    run: () => Promise.resolve([]),
    execute: () => Promise.resolve(0),
    positions: (chains) =>
      Promise.resolve(new Map(chains.map((chain) => [chainOf(chain), positions.get(chainOf(chain)) ?? nowhere]))),
    advance: (moved) =>
      Promise.resolve(moved.forEach(({ source, key, ...last }) => positions.set(chainOf({ source, key }), last))),
    advanceInTurn(runs) {
      const moved = runs.filter((run) => {
        const last = positions.get(chainOf(run)) ?? nowhere;
        return turnOf({ epoch: run.epoch, sequence: run.first }, last) === 'now';
      });
      for (const { epoch, last: sequence, ...chain } of moved)
        positions.set(chainOf(chain), { ...positions.get(chainOf(chain)), epoch, sequence });
      return Promise.resolve(new Set(moved.map(chainOf)));
    },
    tell: () => undefined,
    send: () => undefined,
    note: (ids) => {
      const fresh = new Set(ids.filter((id) => !noted.has(id)));
      fresh.forEach((id) => noted.add(id));
      return Promise.resolve(fresh);
    },
  };
  return tx;
}

function listening(follows: Listener['follows']) {
  const applied: string[] = [];
  const apply = createApplyFacts({
    name: 'test',
    schema: 'test',
    about: 'is a test',
    reads: 'orders',
    follows,
    tables: '',
    apply: (_tx, { id }) => Promise.resolve(void applied.push(id)),
  });
  return { tx: inboxInMemory(), applied, apply };
}

describe('a listener that follows every fact of a key', () => {
  test('takes the facts of each key in their sequence', async () => {
    const { tx, applied, apply } = listening('every-fact-of-a-key');
    expect(await apply(tx, [fact('a', 1), fact('b', 1), fact('a', 2)])).toEqual(new Set());
    expect(applied).toEqual(['a-1', 'b-1', 'a-2']);
  });

  test('lets a fact wait for the one before it, and takes it when that has come', async () => {
    const { tx, applied, apply } = listening('every-fact-of-a-key');
    expect(await apply(tx, [fact('a', 2), fact('a', 3)])).toEqual(new Set(['a-2', 'a-3']));
    expect(applied).toEqual([]);
    await apply(tx, [fact('a', 1)]);
    expect(await apply(tx, [fact('a', 2), fact('a', 3)])).toEqual(new Set());
    expect(applied).toEqual(['a-1', 'a-2', 'a-3']);
  });

  test('drops what it has taken before, in the same batch or an earlier one', async () => {
    const { tx, applied, apply } = listening('every-fact-of-a-key');
    await apply(tx, [fact('a', 1), fact('a', 1), fact('a', 2)]);
    expect(await apply(tx, [fact('a', 1), fact('a', 2)])).toEqual(new Set());
    expect(applied).toEqual(['a-1', 'a-2']);
  });

  test('takes a fact that need not wait any more, and goes on from there', async () => {
    const { tx, applied, apply } = listening('every-fact-of-a-key');
    await apply(tx, [fact('a', 4)], new Set(['a-4']));
    await apply(tx, [fact('a', 5)]);
    expect(applied).toEqual(['a-4', 'a-5']);
  });
});

const inEpoch = (epoch: number, sequence: number): Fact => ({
  ...fact('a', sequence),
  id: `a-${epoch}.${sequence}`,
  epoch,
});

describe('a new epoch', () => {
  test('begins at 1 again, and lets what comes in the wrong order wait', async () => {
    const { tx, applied, apply } = listening('every-fact-of-a-key');
    await apply(tx, [inEpoch(1, 1), inEpoch(1, 2)]);
    expect(await apply(tx, [inEpoch(2, 2)])).toEqual(new Set(['a-2.2']));
    await apply(tx, [inEpoch(2, 1), inEpoch(2, 2)]);
    expect(applied).toEqual(['a-1.1', 'a-1.2', 'a-2.1', 'a-2.2']);
  });

  test('drops and counts what comes late from the one before', async () => {
    const { tx, applied, apply } = listening('every-fact-of-a-key');
    await apply(tx, [inEpoch(1, 1), inEpoch(2, 1)]);
    expect(await apply(tx, [inEpoch(1, 2), inEpoch(1, 3), inEpoch(2, 2)])).toEqual(new Set());
    expect(applied).toEqual(['a-1.1', 'a-2.1', 'a-2.2']);
    const chain = { source: 'order-mediator', key: 'a' } as const;
    expect(await tx.positions([chain])).toEqual(new Map([[chainOf(chain), { epoch: 2, sequence: 2, dropped: 2 }]]));
  });
});

const paid = (key: string, sequence: number): Fact => ({
  ...fact(key, sequence),
  id: `${key}-paid-${sequence}`,
  source: 'order-mediator/payment',
});

describe('a listener that follows every fact of a key, of two sources', () => {
  test('counts the facts of each source by themselves: both begin at 1', async () => {
    const { tx, applied, apply } = listening('every-fact-of-a-key');
    expect(await apply(tx, [fact('a', 1), paid('a', 1), fact('a', 2), paid('a', 2)])).toEqual(new Set());
    expect(applied).toEqual(['a-1', 'a-paid-1', 'a-2', 'a-paid-2']);
  });

  test('waits at a gap of one source, and goes on with the other', async () => {
    const { tx, applied, apply } = listening('every-fact-of-a-key');
    expect(await apply(tx, [paid('a', 2), fact('a', 1), fact('a', 2)])).toEqual(new Set(['a-paid-2']));
    await apply(tx, [paid('a', 1), paid('a', 2)]);
    expect(applied).toEqual(['a-1', 'a-2', 'a-paid-1', 'a-paid-2']);
  });

  test('drops what it has seen of each', async () => {
    const { tx, applied, apply } = listening('every-fact-of-a-key');
    await apply(tx, [fact('a', 1), paid('a', 1)]);
    await apply(tx, [paid('a', 1), fact('a', 1)]);
    expect(applied).toEqual(['a-1', 'a-paid-1']);
  });
});

describe('a listener that follows some facts', () => {
  test('takes them as they come, whatever their sequence', async () => {
    const { tx, applied, apply } = listening('some-facts');
    expect(await apply(tx, [fact('a', 9), fact('a', 4)])).toEqual(new Set());
    expect(applied).toEqual(['a-9', 'a-4']);
  });

  test('takes each once, in the same batch and in later ones', async () => {
    const { tx, applied, apply } = listening('some-facts');
    await apply(tx, [fact('a', 9), fact('a', 9)]);
    await apply(tx, [fact('a', 9), fact('a', 4)]);
    expect(applied).toEqual(['a-9', 'a-4']);
  });
});
