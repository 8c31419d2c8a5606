import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { channels } from '../contracts/channels.ts';
import type { ReturnActionName, ReturnActions, ReturnActionTaken } from '../contracts/mediators/returns-mediator.ts';
import { findReturn, type ListedReturn } from './reads/returns.ts';
import { mediatorPresence } from './mediator-presence.ts';
import type { Sources } from './orders.ts';
import { codeOf, isUnanswered, status, whyUnanswered } from './service-trouble.ts';
import { AppError } from './app-error.ts';

/** What somebody does to a return: checked input, see `contracts/schemas/return-actions.ts`. */
export interface ActingOnReturn<Name extends ReturnActionName = ReturnActionName> {
  readonly sources: Sources;
  readonly requestId: string;
  readonly name: Name;
  readonly action: ReturnActions[Name];
  /** Under the same id the same thing is done once. */
  readonly updateId: string;
  readonly deadlineMs: number;
}

/**
 * Asks the return's mediator to act, and resolves when that is recorded. Throws `AppError` when there is no such return, when the action does
 * not fit where it stands (nothing has changed then), or when there is no answer in time.
 */
export async function actOnReturn<Name extends ReturnActionName>(
  acting: ActingOnReturn<Name>,
): Promise<ReturnActionTaken> {
  const { sources, requestId, name, action, updateId, deadlineMs } = acting;
  const kept = await findReturn(sources.prisma, requestId);
  if (!kept) throw new AppError('not-found', `There is no return ${requestId}.`);
  const before = takenBefore(acting, kept);
  if (before) return before;
  try {
    return await sources.client.withDeadline(Date.now() + deadlineMs, () =>
      sources.client.workflow
        .getHandle(kept.workflowId)
        .executeUpdate<ReturnActionTaken, [ReturnActions[Name]]>(name, { updateId, args: [action] }),
    );
  } catch (error) {
    throw await troubleOf(error, acting);
  }
}

/** The answer of an action that is recorded already: its mediator may have ended. */
function takenBefore({ requestId, name, updateId }: ActingOnReturn, kept: ListedReturn): ReturnActionTaken | undefined {
  const recorded = kept.actions.find(({ actionId }) => actionId === updateId);
  if (recorded && recorded.action !== name) {
    const message = `Update id ${updateId} was used to ${recorded.action} already; choose another, or leave it out to get a new one.`;
    throw new AppError('request-id-taken', message);
  }
  return recorded && { requestId, state: kept.state };
}

async function troubleOf(error: unknown, acting: ActingOnReturn): Promise<unknown> {
  const { sources, requestId, name, updateId, deadlineMs } = acting;
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (hasNoWorkflow(error, cause)) return gone(error, acting);
  if (cause instanceof ApplicationFailure) return new AppError('refused', cause.message, { cause: error });
  if (!isUnanswered(error)) return error;
  const presence = await mediatorPresence(sources.client, mediator);
  const known = `It is not known whether "${name}" was done to ${requestId}: ${whyUnanswered(error, deadlineMs)}.`;
  const again = `Ask again with the same --update-id ${updateId}: it is not done twice.`;
  return new AppError('not-known', `${known} ${presence} ${again}`, { cause: error });
}

/** Who was to answer. */
const mediator = { part: 'returns-mediator', queue: channels.returnsMediator };

/** The records tell a return that has ended from one whose workflow was lost. */
async function gone(error: unknown, { sources, requestId, updateId }: ActingOnReturn): Promise<AppError> {
  const kept = await findReturn(sources.prisma, requestId);
  if (!kept || kept.isFinished) {
    const message = `Return ${requestId} has ended; nothing can be done to it any more.`;
    return new AppError('refused', message, { cause: error });
  }
  const again = `ask again in a minute with the same --update-id ${updateId}, under which nothing is done twice`;
  const message = `Temporal does not have the workflow of return ${requestId} at the moment; the reconciler carries the return on: ${again}.`;
  return new AppError('not-known', message, { cause: error });
}

/** The workflow has ended, is not there, or ended while it answered. */
function hasNoWorkflow(error: unknown, cause: unknown): boolean {
  if (cause instanceof ApplicationFailure) return cause.type === 'AcceptedUpdateCompletedWorkflow';
  return (
    error instanceof WorkflowNotFoundError || codeOf(error) === status.notFound || codeOf(error) === status.aborted
  );
}
