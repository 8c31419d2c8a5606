import { TemporalFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { EventRecords, RefusedEvent, RefuseEvent } from '../../contracts/mediators/event-records.ts';
import { repairWorkflowId } from '../../contracts/ids.ts';
import { workflowProcessor, type Returned, type StartRepair } from '../../contracts/mediators/repair.ts';
import type { Summaries } from './records.ts';

/** The records of the event that started a flow; for `openRecords`, together with the flow's own records. */
export const eventSummaries: Summaries<EventRecords> = {
  completeEvent: 'the event is complete',
  refuseEvent: 'the event is refused',
};

/**
 * Hands a queued event that its mediator refuses over to the workflow processor. Resolves when that is durable: the row
 * is marked, the case written down and its workflow running. Does nothing when no queued event of this workflow is
 * open. The workflow must end Failed after it, so that the event may come again, corrected. Safe to repeat: a mediator
 * that writes anything in between does it once more as its last step, because a corrected event may have joined this
 * flow meanwhile.
 */
export async function refuseEvent(records: Pick<EventRecords, 'refuseEvent'>, entry: RefuseEvent): Promise<void> {
  const refused = await records.refuseEvent(entry);
  if (refused) await tellCase(refused, entry.message);
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
