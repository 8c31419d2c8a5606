import { describe, expect, it } from 'vitest';
import { createBulkActivities, type BulkPorts } from '../../../activities/bulk/act-on-order.ts';
import type { AskedOfOrder, OrderPosition } from '../../../contracts/mediators/bulk.ts';

const held: OrderPosition = { state: 'held', holdReason: 'fault' };
const open: OrderPosition = { state: 'open', holdReason: null };

const asked: AskedOfOrder = {
  orderId: 'ord-1',
  updateId: 'bulk/b-1/ord-1',
  name: 'retry',
  action: { actor: 'Ada' },
  counted: held,
};

const actOn = (ports: Partial<BulkPorts>) =>
  createBulkActivities({
    act: async () => null,
    position: async () => open,
    isRepeat: () => false,
    ...ports,
  }).actOnOrder(asked);

describe('acting on one order of a bulk action', () => {
  it('takes as before where the order stood when it was asked, not when it was counted', async () => {
    expect(await actOn({})).toEqual({ before: open, refusal: null });
  });

  it.each([
    ['there is no such order any more', { position: async () => undefined }],
    ['that cannot be said', { position: () => Promise.reject(new Error('away')) }],
    ['an attempt before it may have acted', { isRepeat: () => true }],
  ])('takes where it stood at the count when %s', async (_, ports) => {
    expect((await actOn(ports)).before).toEqual(held);
  });

  it('answers with the refusal, and fails when it is not known what came of it, so that it is asked again', async () => {
    expect((await actOn({ act: async () => 'It does not wait.' })).refusal).toBe('It does not wait.');
    await expect(actOn({ act: () => Promise.reject(new Error('no answer')) })).rejects.toThrow('no answer');
  });
});
