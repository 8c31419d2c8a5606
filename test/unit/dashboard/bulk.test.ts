import { describe, expect, it } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import type { BulkActionName } from '../../../dashboard/server/api/api.ts';
import type { OrderStanding } from '../../../dashboard/server/api/orders.ts';
import { runJob, type Job, type JobResult } from '../../../dashboard/server/bulk/job.ts';
import { previewOf, reportOf } from '../../../dashboard/server/bulk/told.ts';
import { takingTurns } from '../../../dashboard/server/bulk/turns.ts';
import type { OrderAsked, Orders } from '../../../dashboard/server/ports.ts';

const held: OrderStanding = { state: 'held', holdReason: 'fault' };
const untouched: JobResult = {
  before: held,
  total: { amount: 100, currency: 'EUR' },
  answer: 'waiting',
  message: null,
};

const jobOf = (count: number, action: BulkActionName = 'retry'): Job => ({
  id: 'job',
  action,
  content: { actor: 'Nobody' },
  state: 'running',
  results: new Map(Array.from({ length: count }, (_, n) => [`ord-${n}`, untouched] as const)),
});

const taken = () => Promise.resolve();

interface Given {
  readonly turn?: () => Promise<void>;
  readonly standing?: (orderId: string) => Promise<OrderStanding | undefined>;
}

const run = async (job: Job, act: (asked: OrderAsked) => Promise<unknown>, given: Given = {}) => {
  const told: string[] = [];
  const orders = { act } as unknown as Orders;
  await runJob({
    job,
    actor: 'Ada',
    orders,
    standing: given.standing ?? (() => Promise.resolve(held)),
    tell: () => void told.push(job.state),
    pace: { turn: given.turn ?? takingTurns(1_000), atOnce: 4, tellEveryMs: 0 },
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
      new AppError('refused', 'It does not wait.'),
      new AppError('not-known', 'No answer.'),
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
      { turn: takingTurns(50) },
    );
    expect(most).toBeLessThanOrEqual(4);
    expect(performance.now() - began).toBeGreaterThanOrEqual(370);
  });

  it('shares its turns with every other that runs at the same time', async () => {
    const turn = takingTurns(50);
    const began = performance.now();
    await Promise.all([run(jobOf(10), taken, { turn }), run(jobOf(10), taken, { turn })]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(370);
  });

  it('takes as before where each order stood when it was asked, not when it was counted', async () => {
    const now: OrderStanding = { state: 'open', holdReason: null };
    const job = jobOf(3);
    const standing = async (orderId: string) => {
      if (orderId === 'ord-2') throw new Error('away');
      return orderId === 'ord-1' ? undefined : now;
    };
    await run(job, taken, { standing });
    expect([...job.results.values()].map(({ before }) => before)).toEqual([now, held, held]);
  });

  it('approves what each order came to at the count; no other action says an amount', async () => {
    const asked: OrderAsked[] = [];
    const act = async (one: OrderAsked) => void asked.push(one);
    await run(jobOf(1, 'approve'), act);
    await run(jobOf(1, 'retry'), act);
    expect(asked.map(({ action }) => action)).toEqual([
      { actor: 'Ada', total: { amount: 100, currency: 'EUR' } },
      { actor: 'Ada' },
    ]);
  });

  it('is counted with what its orders come to, by currency', () => {
    const job = jobOf(2);
    job.results.set('ord-2', { ...untouched, total: { amount: 5, currency: 'GBP' } });
    job.results.set('ord-3', { ...untouched, total: null, before: { state: 'open', holdReason: null } });
    expect(previewOf(job, { isCut: false, missing: 1, perSecond: 20 })).toMatchObject({
      count: 4,
      missing: 1,
      byState: { held: 3, open: 1 },
      byHoldReason: { fault: 3 },
      amounts: [
        { amount: 200, currency: 'EUR' },
        { amount: 5, currency: 'GBP' },
      ],
    });
  });

  it('is looked at again part by part; what it has not asked yet it has not changed', () => {
    const job = jobOf(5);
    job.results.set('ord-3', { ...untouched, answer: 'taken' });
    const now = new Map([...job.results.keys()].map((id) => [id, { state: 'open', holdReason: null } as const]));
    const report = reportOf(job, now, { offset: 2, most: 2 });
    expect(report).toMatchObject({ count: 5, changed: 1, offset: 2 });
    expect(report.orders.map(({ orderId, answer }) => [orderId, answer])).toEqual([
      ['ord-2', 'waiting'],
      ['ord-3', 'taken'],
    ]);
  });
});
