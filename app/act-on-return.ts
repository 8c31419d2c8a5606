import { channels } from '../contracts/channels.ts';
import type { ReturnActionName, ReturnActions, ReturnActionTaken } from '../contracts/mediators/returns-mediator.ts';
import { AppError } from './app-error.ts';
import { askAgainUnder, askWorkflow, lostWorkflow, recordedUnder, sendUpdate } from './ask-workflow.ts';
import { findReturn } from './reads/returns.ts';
import type { Sources } from './sources.ts';

/** An action on a return: checked input, see `contracts/schemas/actions.ts`. */
export interface ActingOnReturn<Name extends ReturnActionName = ReturnActionName> {
  readonly sources: Sources;
  readonly requestId: string;
  readonly name: Name;
  readonly action: ReturnActions[Name];
  /** One id acts once. */
  readonly updateId: string;
  readonly deadlineMs: number;
}

/**
 * Asks the return's mediator to act, and resolves when that is recorded. Throws an `AppError` when there is no such
 * return, when the action does not fit its state (nothing has changed then), or when there is no answer in time.
 */
export async function actOnReturn<Name extends ReturnActionName>(
  acting: ActingOnReturn<Name>,
): Promise<ReturnActionTaken> {
  const { sources, requestId, name, action, updateId, deadlineMs } = acting;
  const kept = await findReturn(sources.database, requestId);
  if (!kept) throw new AppError('not-found', `There is no return ${requestId}.`);
  // A recorded action is answered from the records: its mediator may have ended.
  if (recordedUnder(kept.actions, { updateId, name, action })) return { requestId, state: kept.state };
  return askWorkflow({
    client: sources.client,
    deadlineMs,
    send: () => sendUpdate<ReturnActionTaken>(sources.client, { workflowId: kept.workflowId, name, updateId, action }),
    outcome: `"${name}" was done to ${requestId}`,
    askAgain: askAgainUnder(updateId),
    mediator: { part: 'returns-mediator', queue: channels.returnsMediator },
    async whenGone(cause) {
      const now = await findReturn(sources.database, requestId);
      if (now && !now.isFinished) return lostWorkflow({ of: `return ${requestId}`, what: 'return', updateId }, cause);
      const message = `Return ${requestId} has ended; nothing can be done to it any more.`;
      return new AppError('refused', message, { cause });
    },
  });
}
