import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { refusalTypes, type RefusalType } from '../contracts/failures.ts';
import { mediatorPresence } from './mediator-presence.ts';
import type { Placing } from './place.ts';
import { codeOf, isUnanswered, status, whyUnanswered } from './service-trouble.ts';
import { AppError } from './app-error.ts';

/** What went wrong while an order was placed, as the user is told it. A bug comes back as it was. */
export async function placingTrouble(error: unknown, placing: Placing): Promise<unknown> {
  const { requestId } = placing.event;
  if (error instanceof AppError) return error;
  if (error instanceof WorkflowExecutionAlreadyStartedError) return requestIdTaken(requestId, error);
  const refusal = refusalIn(error);
  if (refusal?.type === 'RequestIdTaken') return requestIdTaken(requestId, error);
  if (refusal) return refused(refusal.message, placing, error);
  return isUnanswered(error) ? unanswered(error, placing) : error;
}

/** True when the flow ended between being found and being asked. */
export function endedMeanwhile(error: unknown): boolean {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) return cause.type === 'AcceptedUpdateCompletedWorkflow';
  return codeOf(error) === status.notFound || codeOf(error) === status.aborted;
}

/** The answer to a request is kept: the same one gets it again, whatever has changed meanwhile. */
const refused = (why: string, { event }: Placing, cause: unknown): AppError =>
  new AppError(
    'refused',
    `The order was refused: ${why} Nothing was stored. Correct it and ask again, or ask for the same under another request id than ${event.requestId}.`,
    { cause },
  );

const requestIdTaken = (requestId: string, cause: unknown): AppError =>
  new AppError(
    'request-id-taken',
    `Request id ${requestId} is already used by another order request; choose another, or leave it out to get a new one.`,
    { cause },
  );

function refusalIn(error: unknown): { readonly type: RefusalType; readonly message: string } | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  const type = cause instanceof ApplicationFailure ? refusalTypes.find((known) => known === cause.type) : undefined;
  return type && cause ? { type, message: cause.message } : undefined;
}

async function unanswered(error: unknown, { client, event, deadlineMs }: Placing): Promise<AppError> {
  const presence = await mediatorPresence(client);
  const known = `It is not known whether the order was accepted: ${whyUnanswered(error, deadlineMs)}.`;
  const again = `Ask again with the same content and --request-id ${event.requestId}: an accepted order is not placed twice.`;
  return new AppError('not-known', `${known} ${presence} ${again}`, { cause: error });
}
