import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Progress } from '../contracts/mediators/order-mediator.ts';
import { hasEnded } from './order-view.ts';
import { askProgress, type Asked } from './progress.ts';

/** What to follow, and how. */
export interface Following {
  readonly client: Client;
  readonly workflowId: string;
  readonly interrupted: AbortSignal;
  readonly everyMs?: number;
}

/**
 * Asks an order's mediator again and again, and passes on every answer, until the order has ended, Temporal does not
 * have it, or the user interrupts. A mediator that is silent for a while does not end it.
 */
export async function* followOrder({
  client,
  workflowId,
  interrupted,
  everyMs = 150,
}: Following): AsyncGenerator<Asked> {
  while (!interrupted.aborted) {
    const asked = await askProgress(client, workflowId);
    yield asked;
    if (asked.answer === 'unknown' || (asked.answer === 'progress' && hasEnded(asked.progress))) return;
    await pause(everyMs, interrupted);
  }
}

/** The last progress of an order that is followed to its end; undefined when it cannot be followed so far. */
export async function followToEnd(
  following: Following,
  each: (progress: Progress) => void,
): Promise<Progress | undefined> {
  let last: Progress | undefined;
  for await (const asked of followOrder(following)) {
    if (asked.answer !== 'progress') continue;
    last = asked.progress;
    each(last);
  }
  return last && hasEnded(last) ? last : undefined;
}

async function pause(ms: number, interrupted: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: interrupted });
  } catch (error) {
    if (!interrupted.aborted) throw error;
  }
}
