import { setTimeout as sleep } from 'node:timers/promises';
import { Trouble } from '../../client/trouble.ts';
import type { OrderActions } from '../../contracts/order-actions.ts';
import type { BulkActionName } from '../api.ts';
import type { BulkResult } from '../api/orders.ts';
import { Failure } from '../failure.ts';
import type { Orders } from '../ports.ts';

/** A bulk action, from its preview to its end. */
export interface Job {
  readonly id: string;
  readonly action: BulkActionName;
  /** The action's content but for who acts. */
  readonly content: OrderActions[BulkActionName];
  state: 'previewed' | 'running' | 'done';
  /** By order id, in the order they are done in. */
  readonly results: Map<string, Omit<BulkResult, 'orderId' | 'after'>>;
}

/** How fast it may go. */
export interface Pace {
  readonly perSecond: number;
  readonly atOnce: number;
  readonly tellEveryMs: number;
}

interface Run {
  readonly job: Job;
  readonly actor: string;
  readonly orders: Pick<Orders, 'act'>;
  tell(): void;
  readonly pace: Pace;
}

/** Asks the orders one after the other, a few at a time and no more than so many a second, each under an id of its own: none is asked twice. Never rejects. */
export async function runJob(run: Run): Promise<void> {
  const { job, tell, pace } = run;
  const waiting = job.results.keys();
  let nextAt = performance.now();
  let toldAt = 0;
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      const turn = Math.max(nextAt, performance.now());
      nextAt = turn + 1000 / pace.perSecond;
      await sleep(Math.max(0, turn - performance.now()));
      await askOne(run, next.value);
      if (performance.now() - toldAt < pace.tellEveryMs) continue;
      toldAt = performance.now();
      tell();
    }
  };
  await Promise.all(Array.from({ length: pace.atOnce }, worker));
  job.state = 'done';
  tell();
}

async function askOne({ job, actor, orders }: Run, orderId: string): Promise<void> {
  const before = job.results.get(orderId)?.before ?? { state: 'open', holdReason: null };
  const updateId = `bulk-${job.id}-${orderId}`;
  try {
    await orders.act({ orderId, name: job.action, action: { ...job.content, actor }, updateId });
    job.results.set(orderId, { before, answer: 'taken', message: null });
  } catch (error) {
    job.results.set(orderId, { before, ...answerOf(error) });
  }
}

/** What an order said, or that it is not known; never the inside of an error nobody foresaw. */
function answerOf(error: unknown): Pick<BulkResult, 'answer' | 'message'> {
  const isRefused =
    (error instanceof Trouble && !['not-known', 'unreachable'].includes(error.kind)) ||
    (error instanceof Failure && error.code === 'refused');
  if (isRefused) return { answer: 'refused', message: (error as Error).message };
  return { answer: 'unknown', message: 'There was no answer in time: it may have been done.' };
}
