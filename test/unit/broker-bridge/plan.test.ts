import { describe, expect, test } from 'vitest';
import { planBatch } from '../../../broker-bridge/outbox/plan.ts';

const facts = (...keys: string[]) => keys.map((key, position) => ({ key, position }));
const positions = (chosen: readonly { position: number }[]) => chosen.map(({ position }) => position);

describe('planning what the relay sends next', () => {
  test('many keys go at once, the oldest first', () => {
    expect(positions(planBatch(facts('a', 'b', 'c'), new Set(), 10))).toEqual([0, 1, 2]);
  });

  test('of one key only the oldest goes', () => {
    expect(positions(planBatch(facts('a', 'a', 'b', 'a', 'b'), new Set(), 10))).toEqual([0, 2]);
  });

  test('nothing of a key goes while one of it is on its way', () => {
    expect(positions(planBatch(facts('a', 'b', 'a'), new Set(['a']), 10))).toEqual([1]);
  });

  test('no more go than there is room for', () => {
    expect(positions(planBatch(facts('a', 'b', 'c'), new Set(), 2))).toEqual([0, 1]);
    expect(planBatch(facts('a'), new Set(), 0)).toEqual([]);
  });
});
