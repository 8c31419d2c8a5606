import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { StoredReturn } from '../../contracts/mediators/return-records.ts';
import type { ReturnOutcome } from '../../contracts/mediators/returns-mediator.ts';
import { refusalOf } from '../kit/call.ts';
import type { Refusal } from '../../contracts/failures.ts';
import { refuseEvent } from '../kit/queued-event.ts';
import { openReturn } from './commands.ts';
import { carryOn, type ReturnFile } from './return-file.ts';

/**
 * Step 1: opens the row, and asks order placement whether that may go back. Anything but `admitted` ends the flow: the outcome of a return that had ended
 * before, or the failure of a request that was refused and left nothing behind. One whose workflow was lost is taken up where it stood.
 */
export async function admit(file: ReturnFile): Promise<'admitted' | ReturnOutcome | ApplicationFailure> {
  const standing = await receive(file);
  if ('kind' in standing) return refuse(file, standing);
  if (standing.finished) return endAsBefore(file, standing.finished);
  if (standing.recovered) await carryOn(file, standing.recovered);
  const opened = await openReturn(file, standing.orderState === 'completed');
  if ('lines' in opened) {
    file.opened = opened;
    return 'admitted';
  }
  await file.records.withdrawReturn({ requestId: file.start.event.requestId });
  return refuse(file, opened);
}

async function receive({ records, start }: ReturnFile): Promise<StoredReturn | Refusal> {
  const { workflowId } = workflowInfo();
  const { event, bodyHash, policy } = start;
  try {
    return await records.receiveReturn({ event, bodyHash, policy, workflowId });
  } catch (error) {
    return refusalOf(error);
  }
}

async function endAsBefore(file: ReturnFile, finished: ReturnOutcome): Promise<ReturnOutcome> {
  const { outcome } = finished;
  file.change({ state: outcome, amount: finished.refunded });
  await file.records.completeEvent({ workflowId: workflowInfo().workflowId, outcome });
  return finished;
}

/** A queued event becomes a repair case. */
async function refuse(
  { start, records }: ReturnFile,
  { type, message, details }: Refusal,
): Promise<ApplicationFailure> {
  const { workflowId } = workflowInfo();
  if (start.origin.via === 'queue') {
    const refused = { workflowId, bodyHash: start.bodyHash, message };
    await refuseEvent(records, refused);
    await refuseEvent(records, refused);
  }
  return ApplicationFailure.create({ type, message, details: [...details], nonRetryable: true });
}
