import { describe, expect, it } from 'vitest';
import { all, openCancelDecision, OrderEnds } from '../../../workflows/order/cancellation.ts';

describe('all', () => {
  it('waits for every end before it passes on that the order ends', async () => {
    let slow = 'running';
    const slowly = new Promise<void>((resolve) => setImmediate(resolve)).then(() => void (slow = 'done'));
    await expect(all([Promise.reject(new OrderEnds('no')), slowly])).rejects.toBeInstanceOf(OrderEnds);
    expect(slow).toBe('done');
  });

  it('passes on a bug before the end of the order, in whatever order they came', async () => {
    const [end, bug] = [new OrderEnds('no'), new TypeError('a bug')];
    await expect(all([Promise.reject(end), Promise.reject(bug)])).rejects.toBe(bug);
    await expect(all([Promise.reject(bug), Promise.reject(end)])).rejects.toBe(bug);
  });
});

describe('a verdict', () => {
  it('is decided once: the first reason stands', () => {
    const verdict = openCancelDecision();
    verdict.check();
    verdict.decide('It was not paid in time.');
    verdict.decide('The customer cancelled it.');
    expect(() => verdict.check()).toThrow('It was not paid in time.');
  });

  it('cannot be decided when the order is ending', () => {
    const verdict = openCancelDecision();
    verdict.close();
    verdict.decide('The customer cancelled it.');
    expect(verdict.reason).toBeUndefined();
  });
});
