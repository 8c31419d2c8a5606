import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { StoredReturn } from '../../contracts/mediators/return-records.ts';
import type { ReturnOutcome } from '../../contracts/mediators/returns-mediator.ts';
import type { Refusal } from '../../contracts/failures.ts';
import { refusalOf } from '../kit/call.ts';
import { completeEvent, refuseEvent } from '../kit/queued-event.ts';
import { openReturn } from './commands.ts';
import type { ReturnFlow } from './return-flow.ts';

/**
 * Step 1: opens the row, and asks order placement if these titles may go back. Any answer but `opened` ends the
 * workflow: the outcome of a return that had ended before, or the failure of a request that was refused and left
 * nothing behind.
 */
export async function requestReturn(flow: ReturnFlow): Promise<'opened' | ReturnOutcome | ApplicationFailure> {
  const stored = await receive(flow);
  if ('kind' in stored) return refuse(flow, stored);
  if (stored.finished) return endAsBefore(flow, stored.finished);
  if (stored.recovered) await recover(flow, stored.recovered);
  const opened = await openReturn(flow, stored.orderState === 'completed');
  if ('lines' in opened) {
    flow.change({ type: 'opened', opened });
    return 'opened';
  }
  const { event, origin } = flow.start;
  const told = origin.via === 'queue' ? {} : { refused: { customerId: event.customerId, reason: opened.type } };
  await flow.records.withdrawReturn({ requestId: event.requestId, ...told });
  return refuse(flow, opened);
}

async function receive({ records, start }: ReturnFlow): Promise<StoredReturn | Refusal> {
  const { workflowId } = workflowInfo();
  const { event, bodyHash, policy } = start;
  try {
    return await records.receiveReturn({ event, bodyHash, policy, workflowId });
  } catch (error) {
    return refusalOf(error);
  }
}

async function recover(flow: ReturnFlow, row: NonNullable<StoredReturn['recovered']>): Promise<void> {
  flow.change({ type: 'recovered', row });
  if (row.trouble !== null) await flow.record();
}

async function endAsBefore(flow: ReturnFlow, finished: ReturnOutcome): Promise<ReturnOutcome> {
  const { outcome, refunded } = finished;
  flow.change({ type: 'ended', outcome, refunded });
  await completeEvent(flow.records, { workflowId: workflowInfo().workflowId, outcome });
  return finished;
}

/**
 * Makes a queued event a dead letter. The mediator store is asked twice, because a corrected event may have joined this
 * workflow meanwhile.
 */
async function refuse({ start, records }: ReturnFlow, refusal: Refusal): Promise<ApplicationFailure> {
  const { type, message, details } = refusal;
  if (start.origin.via === 'queue') {
    const refused = { workflowId: workflowInfo().workflowId, bodyHash: start.bodyHash, refusal: type, message };
    await refuseEvent(records, refused);
    await refuseEvent(records, refused);
  }
  return ApplicationFailure.create({ type, message, details: [...details], nonRetryable: true });
}
