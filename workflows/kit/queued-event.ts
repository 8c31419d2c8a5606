import { TemporalFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, ParentClosePolicy, patched, startChild } from '@temporalio/workflow';
import type { RefusedEvent, RefuseEvent } from '../../contracts/mediators/event-records.ts';
import { repairWorkflowId } from '../../contracts/ids.ts';
import { workflowProcessor, type Returned, type StartRepair } from '../../contracts/mediators/repair.ts';
import { eventRecords } from './event-records.ts';

/**
 * Hands a queued event that its mediator refuses over to the workflow processor. Resolves when that is durable: the row is marked, the case written
 * down and its workflow running. Does nothing when no queued event of this workflow is open. The mediator's workflow must end Failed after it, so that
 * the event may come again, corrected.
 */
export async function refuseEvent(entry: RefuseEvent): Promise<void> {
  const refused = await eventRecords.refuseEvent(entry);
  if (refused) await tellCase(refused, entry.message);
}

/**
 * The last thing before a mediator ends that may be started again under the same id: somebody may have resubmitted the event while this was ending, and it
 * has joined a flow that takes nothing any more.
 */
export async function refuseOnceMore(entry: RefuseEvent): Promise<void> {
  // Histories from before do not have it.
  if (patched('refused-once-more')) await refuseEvent(entry);
}

/** The case of a resubmitted event may have ended just when that event was taken: then its workflow runs once more. */
async function tellCase(refused: RefusedEvent, reason: string): Promise<void> {
  for (;;) {
    if (await startCase(refused)) return;
    if (!refused.isKnown || (await signalReturned(refused, reason))) return;
  }
}

async function startCase({ caseId, policy }: RefusedEvent): Promise<boolean> {
  const start: StartRepair = { caseId, policy };
  try {
    await startChild(workflowProcessor.workflowType, {
      workflowId: repairWorkflowId(caseId),
      args: [start],
      taskQueue: workflowProcessor.channel,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: caseId,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** False when the case has ended meanwhile. */
async function signalReturned({ caseId }: RefusedEvent, reason: string): Promise<boolean> {
  const returned: Returned = { reason };
  try {
    await getExternalWorkflowHandle(repairWorkflowId(caseId)).signal(workflowProcessor.returnedSignal, returned);
    return true;
  } catch (error) {
    if (error instanceof TemporalFailure) return false;
    throw error;
  }
}
