import { describe, expect, it } from 'vitest';
import { Trouble } from '../../../client/trouble.ts';
import { runJob, type Job } from '../../../dashboard/bulk/job.ts';
import type { OrderAsked, Orders } from '../../../dashboard/ports.ts';

const jobOf = (count: number): Job => ({
  id: 'job',
  action: 'retry',
  content: { actor: 'Nobody' },
  state: 'running',
  results: new Map(
    Array.from(
      { length: count },
      (_, n) =>
        [`ord-${n}`, { before: { state: 'held', holdReason: 'fault' }, answer: 'waiting', message: null }] as const,
    ),
  ),
});

const run = async (job: Job, act: (asked: OrderAsked) => Promise<unknown>, perSecond = 1_000) => {
  const told: string[] = [];
  const orders = { act } as unknown as Orders;
  await runJob({
    job,
    actor: 'Ada',
    orders,
    tell: () => void told.push(job.state),
    pace: { perSecond, atOnce: 4, tellEveryMs: 0 },
  });
  return told;
};

describe('a bulk action', () => {
  it('asks each order once, under an id of its own, in the name of who confirmed it', async () => {
    const asked: OrderAsked[] = [];
    const job = jobOf(50);
    const told = await run(job, async (one) => void asked.push(one));
    expect(asked.map(({ orderId }) => orderId).toSorted()).toEqual([...job.results.keys()].toSorted());
    expect(new Set(asked.map(({ updateId }) => updateId)).size).toBe(50);
    expect(asked.find(({ orderId }) => orderId === 'ord-0')).toEqual({
      orderId: 'ord-0',
      name: 'retry',
      action: { actor: 'Ada' },
      updateId: 'bulk-job-ord-0',
    });
    expect([job.state, told.at(-1)]).toEqual(['done', 'done']);
  });

  it('goes on when an order refuses, says nothing or fails, and tells these apart', async () => {
    const job = jobOf(4);
    const answers = [
      new Trouble('refused', 'It does not wait.'),
      new Trouble('not-known', 'No answer.'),
      new Error('SELECT secret'),
    ];
    await run(job, async () => {
      const error = answers.shift();
      if (error) throw error;
    });
    expect([...job.results.values()].map(({ answer }) => answer)).toEqual(['refused', 'unknown', 'unknown', 'taken']);
    expect([...job.results.values()][0]?.message).toBe('It does not wait.');
    expect(JSON.stringify([...job.results.values()])).not.toContain('SELECT');
  });

  it('asks no more than so many a second, and no more than so many at once', async () => {
    let under = 0;
    let most = 0;
    const began = performance.now();
    await run(
      jobOf(20),
      async () => {
        under += 1;
        most = Math.max(most, under);
        await new Promise((resolve) => setTimeout(resolve, 60));
        under -= 1;
      },
      50,
    );
    expect(most).toBeLessThanOrEqual(4);
    expect(performance.now() - began).toBeGreaterThanOrEqual(380);
  });
});
