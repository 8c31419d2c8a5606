import { TemporalFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow';
import type {
  CompleteEvent,
  EventRecords,
  RefusedEvent,
  RefuseEvent,
} from '../../contracts/mediators/event-records.ts';
import { customerMediator } from '../../contracts/mediators/customer-mediator.ts';
import { customerWorkflowId, repairWorkflowId } from '../../contracts/ids.ts';
import { workflowProcessor, type Returned, type StartRepair } from '../../contracts/mediators/repair.ts';
import type { Summaries } from './records.ts';

/** The records of the event that started a flow; for `openRecords`, together with the flow's own records. */
export const eventSummaries: Summaries<EventRecords> = {
  completeEvent: 'the event is complete',
  refuseEvent: 'the event is refused',
};

/**
 * Marks the event complete, and rings the customer mediator when later events waited for it. This is a mediator's last
 * step.
 */
export async function completeEvent(records: Pick<EventRecords, 'completeEvent'>, entry: CompleteEvent): Promise<void> {
  const customerId = await records.completeEvent(entry);
  if (customerId) await ring(customerId);
}

/** A customer mediator that has ended reads the rows when it is started again. */
async function ring(customerId: string): Promise<void> {
  const mediator = getExternalWorkflowHandle(customerWorkflowId(customerId));
  await mediator.signal(customerMediator.bell).catch((error: unknown) => {
    if (!(error instanceof TemporalFailure)) throw error;
  });
}

/**
 * Hands a queued event that its mediator refuses over to the workflow processor. Resolves when that is durable: the row
 * is marked, the case written down and its workflow running. Does nothing when no queued event of this workflow is
 * open. The workflow must end Failed after it, so that the event may come again, corrected. Safe to repeat: a mediator
 * that writes anything in between does it once more as its last step, because a corrected event may have joined this
 * flow meanwhile.
 */
export async function refuseEvent(records: Pick<EventRecords, 'refuseEvent'>, entry: RefuseEvent): Promise<void> {
  const refused = await records.refuseEvent(entry);
  if (!refused) return;
  await tellCase(refused, entry.message);
  if (refused.waitedFor) await ring(refused.waitedFor);
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
