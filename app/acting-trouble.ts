import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { howToReturn } from '../contracts/mediators/order-actions.ts';
import { findOrder, type OrderRecord } from './reads/orders.ts';
import type { ActingOnOrder } from './act-on-order.ts';
import { mediatorPresence } from './mediator-presence.ts';
import { hasEnded } from './order-view.ts';
import { codeOf, isUnanswered, status, whyUnanswered } from './service-trouble.ts';
import { AppError } from './app-error.ts';

/** What went wrong while somebody acted on an order, as the user is told it. A bug comes back as it was. */
export async function actingTrouble(error: unknown, acting: ActingOnOrder): Promise<unknown> {
  if (error instanceof AppError) return error;
  if (hasNoWorkflow(error)) return gone(error, acting);
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) return new AppError('refused', cause.message, { cause: error });
  return isUnanswered(error) ? unanswered(error, acting) : error;
}

/** An order that has ended takes no more actions. */
export function hasEndedAs({ orderId, state, reason }: OrderRecord, cause?: unknown): AppError {
  const words =
    state === 'completed'
      ? `is completed; to give it back, ${howToReturn}`
      : `was cancelled${reason ? `: ${reason}` : '.'} Nothing can be done to it any more; place a new order.`;
  return new AppError('refused', `Order ${orderId} ${words}`, { cause });
}

/** The workflow has ended, is not there, or ended while it answered. */
function hasNoWorkflow(error: unknown): boolean {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) return cause.type === 'AcceptedUpdateCompletedWorkflow';
  if (error instanceof WorkflowNotFoundError) return true;
  return codeOf(error) === status.notFound || codeOf(error) === status.aborted;
}

/** The mediator store tells an order that has ended from one whose workflow was lost. */
async function gone(error: unknown, { sources, orderId, updateId }: ActingOnOrder): Promise<AppError> {
  const kept = await findOrder(sources.prisma, orderId);
  if (kept && hasEnded(kept)) return hasEndedAs(kept, error);
  const again = `ask again in a minute with the same --update-id ${updateId}, under which nothing is done twice`;
  const message = `Temporal does not have the workflow of ${orderId} at the moment; the reconciler carries the order on: ${again}.`;
  return new AppError('not-known', message, { cause: error });
}

async function unanswered(
  error: unknown,
  { sources, orderId, name, updateId, deadlineMs }: ActingOnOrder,
): Promise<AppError> {
  const presence = await mediatorPresence(sources.client);
  const known = `It is not known whether "${name}" was done to ${orderId}: ${whyUnanswered(error, deadlineMs)}.`;
  const again = `Ask again with the same --update-id ${updateId}: it is not done twice.`;
  return new AppError('not-known', `${known} ${presence} ${again}`, { cause: error });
}
