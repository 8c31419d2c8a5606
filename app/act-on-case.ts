import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { repairWorkflowId } from '../contracts/ids.ts';
import {
  workflowProcessor,
  type CaseActionName,
  type CaseActions,
  type CaseActionTaken,
} from '../contracts/mediators/repair.ts';
import { findCase, type RepairCaseDetails } from './reads/cases.ts';
import { mediatorPresence } from './mediator-presence.ts';
import type { Sources } from './orders.ts';
import { codeOf, isUnanswered, notReadyYet, status, whyUnanswered } from './service-trouble.ts';
import { AppError } from './app-error.ts';

/** What somebody does to a repair case. */
export interface ActingOnCase<Name extends CaseActionName = CaseActionName> {
  readonly sources: Sources;
  readonly caseId: string;
  readonly name: Name;
  readonly action: CaseActions[Name];
  /** Under the same id the same thing is done once; a new one when it is left out. */
  readonly updateId?: string | undefined;
  readonly deadlineMs: number;
}

/**
 * Asks the case's workflow to act, and resolves when that is recorded, or with what is wrong with the message that was to be sent, by field. Throws
 * `AppError` when there is no such case, when the action does not fit its state (nothing has changed then), or when there is no answer in time.
 */
export async function actOnCase<Name extends CaseActionName>(acting: ActingOnCase<Name>): Promise<CaseActionTaken> {
  const known = await keptCase(acting.sources, acting.caseId);
  if (known.closedAt !== null) throw isClosed(known);
  const deadline = Date.now() + acting.deadlineMs;
  const updateId = acting.updateId ?? randomUUID();
  try {
    return await askUntil(deadline, { ...acting, updateId });
  } catch (error) {
    throw await troubleOf(error, acting);
  }
}

/** The case of this id. Throws `AppError` when there is none. */
export async function keptCase({ prisma }: Pick<Sources, 'prisma'>, caseId: string): Promise<RepairCaseDetails> {
  const known = await findCase(prisma, caseId);
  if (!known) throw new AppError('not-found', `There is no repair case ${caseId}.`);
  return known;
}

async function askUntil(deadline: number, acting: ActingOnCase & { updateId: string }): Promise<CaseActionTaken> {
  try {
    return await ask(deadline, acting);
  } catch (error) {
    if (!notReadyYet(error) || Date.now() + aMoment > deadline) throw error;
    await sleep(aMoment);
    return askUntil(deadline, acting);
  }
}

const aMoment = 250;

function ask(
  deadline: number,
  { sources, caseId, name, action, updateId }: ActingOnCase & { updateId: string },
): Promise<CaseActionTaken> {
  const { client } = sources;
  return client.withDeadline(deadline, () =>
    client.workflow
      .getHandle(repairWorkflowId(caseId))
      .executeUpdate<CaseActionTaken, [CaseActions[CaseActionName]]>(name, { updateId, args: [action] }),
  );
}

const isClosed = ({ caseId, state }: Pick<RepairCaseDetails, 'caseId' | 'state'>, cause?: unknown): AppError =>
  new AppError('refused', `The case ${caseId} is closed (${state}): nothing can be done to it any more.`, { cause });

async function troubleOf(error: unknown, acting: ActingOnCase): Promise<unknown> {
  const { caseId, sources, name, deadlineMs } = acting;
  if (hasNoWorkflow(error)) {
    const known = await keptCase(sources, caseId);
    if (known.closedAt !== null) return isClosed(known, error);
    const message = `Temporal does not have the workflow of the case ${caseId}: a workflow processor that runs takes it up again within a minute or two; ask again then.`;
    return new AppError('not-known', message, { cause: error });
  }
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) return new AppError('refused', cause.message, { cause: error });
  if (!isUnanswered(error)) return error;
  const presence = await mediatorPresence(sources.client, desk);
  const message = `It is not known whether "${name}" was done to the case ${caseId}: ${whyUnanswered(error, deadlineMs)}. ${presence}`;
  return new AppError('not-known', message, { cause: error });
}

/** Who was to answer. */
const desk = { part: 'workflow-processor', queue: workflowProcessor.channel };

/** The workflow has ended, is not there, or ended while it answered. */
function hasNoWorkflow(error: unknown): boolean {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) return cause.type === 'AcceptedUpdateCompletedWorkflow';
  if (error instanceof WorkflowNotFoundError) return true;
  return codeOf(error) === status.notFound || codeOf(error) === status.aborted;
}
