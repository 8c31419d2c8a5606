import { AppError } from '../../../app/app-error.ts';
import type { Money } from '../../../contracts/money.ts';
import type { OrderActions } from '../../../contracts/mediators/order-actions.ts';
import type { BulkActionName } from '../api/api.ts';
import type { BulkResult, OrderStanding } from '../api/orders.ts';
import { Failure } from '../failure.ts';
import type { Orders } from '../ports.ts';
import type { Turn } from './turns.ts';

/** A bulk action, from its preview to its end. */
export interface Job {
  readonly id: string;
  readonly action: BulkActionName;
  /** The action's content but for who acts. */
  readonly content: OrderActions[BulkActionName];
  state: 'previewed' | 'running' | 'done';
  /** By order id, in the order they are done in. */
  readonly results: Map<string, JobResult>;
}

/** How one order of it fares. */
export interface JobResult extends Omit<BulkResult, 'orderId' | 'after'> {
  /** What it came to at the preview: no more than that is approved. */
  readonly total: Money | null;
}

/** How it is done. */
export interface JobPace {
  /** The turns of all jobs together. */
  readonly turn: Turn;
  readonly atOnce: number;
  readonly tellEveryMs: number;
}

interface Run {
  readonly job: Job;
  readonly actor: string;
  readonly orders: Pick<Orders, 'act'>;
  /** Where an order stands now; undefined when it is not there any more. Rejects when that cannot be said. */
  standing(orderId: string): Promise<OrderStanding | undefined>;
  tell(): void;
  readonly pace: JobPace;
}

/** Asks the orders one after the other, a few at a time and no faster than the turns come, each under an id of its own: none is asked twice. Never rejects. */
export async function runJob(run: Run): Promise<void> {
  const { job, tell, pace } = run;
  const waiting = job.results.keys();
  let toldAt = 0;
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      await pace.turn();
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

async function askOne({ job, actor, orders, standing }: Run, orderId: string): Promise<void> {
  const known = job.results.get(orderId) as JobResult;
  // What happened between the preview and now is not this action's doing.
  const before = await standing(orderId).then(
    (now) => now ?? known.before,
    () => known.before,
  );
  const updateId = `bulk-${job.id}-${orderId}`;
  try {
    await orders.act({ orderId, name: job.action, action: { ...contentFor(job, known), actor }, updateId });
    job.results.set(orderId, { ...known, before, answer: 'taken', message: null });
  } catch (error) {
    job.results.set(orderId, { ...known, before, ...answerOf(error) });
  }
}

/** What was seen is approved, and nothing above. */
function contentFor({ action, content }: Job, { total }: JobResult): Job['content'] {
  if (action !== 'approve' || !total) return content;
  return { ...(content as OrderActions['approve']), total };
}

/** What an order said, or that it is not known; never the inside of an error nobody foresaw. */
function answerOf(error: unknown): Pick<BulkResult, 'answer' | 'message'> {
  const isRefused =
    (error instanceof AppError && !['not-known', 'unreachable'].includes(error.kind)) ||
    (error instanceof Failure && error.code === 'refused');
  if (isRefused) return { answer: 'refused', message: (error as Error).message };
  return { answer: 'unknown', message: 'There was no answer in time: it may have been done.' };
}
