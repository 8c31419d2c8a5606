import { describe, expect, it } from 'vitest';
import { all, OrderEnds } from '../../../workflows/order/order.ts';

describe('the commands of a step', () => {
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
