import { randomUUID } from 'node:crypto';
import { repairWorkflowId } from '../contracts/ids.ts';
import { holdsCardNumber } from '../contracts/reading/card-number.ts';
import { workflowProcessor } from '../contracts/mediators/repair.ts';
import { AppError } from './app-error.ts';
import { askWorkflow, sendUpdate } from './ask-workflow.ts';
import { findCase, type RepairCaseDetails } from './reads/cases.ts';
import type { Sources } from './sources.ts';
import type { CaseActions, CaseActionName, CaseActionTaken } from '../contracts/mediators/case-actions.ts';

/** An action on a repair case. */
export interface ActingOnCase<Name extends CaseActionName = CaseActionName> {
  readonly sources: Sources;
  readonly caseId: string;
  readonly name: Name;
  readonly action: CaseActions[Name];
  /** One id acts once. A new id is made when it is left out. */
  readonly updateId?: string | undefined;
  readonly deadlineMs: number;
}

/**
 * Asks the case's workflow to act. Resolves when the action is recorded, or with the problems of the new message, by
 * field. Throws an `AppError` when there is no such case, when the action does not fit its state (nothing has changed
 * then), or when there is no answer in time.
 */
export async function actOnCase<Name extends CaseActionName>(acting: ActingOnCase<Name>): Promise<CaseActionTaken> {
  const { sources, caseId, name, action, deadlineMs, updateId = randomUUID() } = acting;
  if ('body' in action && holdsCardNumber(action.body))
    throw new AppError('bad-input', 'The message holds a card number: put a token of the card gateway in its place.');
  const known = await keptCase(sources, caseId);
  if (known.closedAt !== null) throw closedCase(known);
  return askWorkflow({
    client: sources.client,
    deadlineMs,
    send: () =>
      sendUpdate<CaseActionTaken>(sources.client, { workflowId: repairWorkflowId(caseId), name, updateId, action }),
    outcome: `"${name}" was done to the case ${caseId}`,
    mediator: { part: 'workflow-processor', queue: workflowProcessor.channel },
    async whenGone(cause) {
      const now = await keptCase(sources, caseId);
      return now.closedAt === null ? lostCase(caseId, cause) : closedCase(now, cause);
    },
  });
}

/** The case of this id. Throws an `AppError` when there is none. */
export async function keptCase({ database }: Pick<Sources, 'database'>, caseId: string): Promise<RepairCaseDetails> {
  const known = await findCase(database, caseId);
  if (!known) throw new AppError('not-found', `There is no repair case ${caseId}.`);
  return known;
}

const closedCase = ({ caseId, state }: Pick<RepairCaseDetails, 'caseId' | 'state'>, cause?: unknown): AppError =>
  new AppError('refused', `The case ${caseId} is closed (${state}): nothing can be done to it any more.`, { cause });

/** A running workflow processor starts the workflows of open cases again by itself. */
const lostCase = (caseId: string, cause: unknown): AppError =>
  new AppError(
    'not-known',
    `Temporal does not have the workflow of the case ${caseId}: a workflow processor that runs takes it up again within a minute or two; ask again then.`,
    { cause },
  );
