import { setTimeout as sleep } from 'node:timers/promises';
import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  QueryNotRegisteredError,
  QueryRejectedError,
  ServiceError,
  type Client,
} from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { orderMediator, type OrderOutcome, type Progress } from '../contracts/mediators/order-mediator.ts';
import { AppError, sentenceOf } from './app-error.ts';
import { hasEnded } from './order-view.ts';
import type { PlacedOrder } from './place.ts';

/** The answer to asking a mediator for an order's progress. */
export type Asked =
  | { readonly answer: 'progress'; readonly progress: Progress }
  /** No worker gave an answer in time; `why` is for people. */
  | { readonly answer: 'silent'; readonly why: string }
  /** Temporal does not have the workflow: its retention is over, or Temporal's database was lost. */
  | { readonly answer: 'unknown' };

/** Asks the mediator of one order for its progress, with a deadline in milliseconds. */
export async function askProgress(client: Client, workflowId: string, withinMs = 2000): Promise<Asked> {
  try {
    const handle = client.workflow.getHandle(workflowId);
    const query = () => handle.query<Progress>(orderMediator.progressQuery);
    return { answer: 'progress', progress: await client.withDeadline(Date.now() + withinMs, query) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { answer: 'unknown' };
    if (isSilence(error)) return { answer: 'silent', why: whyOf(error) };
    throw error;
  }
}

const isSilence = (error: unknown): boolean =>
  error instanceof QueryNotRegisteredError ||
  error instanceof QueryRejectedError ||
  isGrpcServiceError(error) ||
  (error instanceof Error && isGrpcServiceError(error.cause));

const whyOf = (error: unknown): string =>
  isGrpcDeadlineError(error) ? 'no worker of the order mediator answered in time' : sentenceOf(detailed(error));

/** The service's own message is in the cause. */
const detailed = (error: unknown): unknown =>
  error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error;

/** An order that is followed. */
export interface Following {
  readonly client: Client;
  readonly workflowId: string;
  readonly interrupted: AbortSignal;
  readonly everyMs?: number;
}

/**
 * Asks an order's mediator again and again, and yields every answer, until the order has ended, Temporal does not have
 * it, or the user interrupts. A silent mediator does not end it.
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

/** The progress of an order at its end; undefined when it cannot be followed that far. */
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

/** Waits for the end of an order. Throws an `AppError` when Temporal does not answer any more. */
export async function outcomeOf(client: Client, { workflowId, orderId }: PlacedOrder): Promise<OrderOutcome> {
  try {
    return await client.workflow.getHandle(workflowId).result();
  } catch (error) {
    if (!(error instanceof ServiceError) && !isGrpcServiceError(error)) throw error;
    const known = `Order ${orderId} was accepted and goes on, but Temporal does not answer any more`;
    const message = `${known}: see that everything runs ("npm start"), then "npm run client -- watch ${orderId}".`;
    throw new AppError('unreachable', message, { cause: error });
  }
}
