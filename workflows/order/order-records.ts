import { proxyLocalActivities } from '@temporalio/workflow';
import type { OrderRecords } from '../../contracts/mediators/order-records.ts';
import { oneAtATime } from '../kit/records.ts';

/**
 * The mediators' own records in PostgreSQL. Local activities: the row is written by the mediator's own worker, without a trip over a task
 * queue. Faults are retried until the database is back. One at a time, in the order of asking: the answers of several local activities
 * under way at once may come in another order when the workflow is replayed.
 */
export function openOrderRecords(): OrderRecords {
  const inTurn = oneAtATime();
  return {
    receiveOrder: (entry) => inTurn(() => noted('open the row of the order').receiveOrder(entry)),
    withdrawOrder: (entry) => inTurn(() => noted('remove the row of the order').withdrawOrder(entry)),
    holdOrder: (entry) => inTurn(() => noted(`write down that it waits: ${entry.hold.reason}`).holdOrder(entry)),
    resumeOrder: (entry) => inTurn(() => noted(`write down that it goes on: ${entry.hold.reason}`).resumeOrder(entry)),
    noteAmendment: (entry) =>
      inTurn(() =>
        noted(entry.amendment ? 'an amendment begins' : 'the amendment came to nothing').noteAmendment(entry),
      ),
    recordAction: (entry) => inTurn(() => noted(`write down: ${entry.action}`).recordAction(entry)),
    compensateOrder: (entry) => inTurn(() => noted('mark it as being undone').compensateOrder(entry)),
    finishOrder: (entry) => inTurn(() => noted('close the row of the order').finishOrder(entry)),
  };
}

const noted = (summary: string) =>
  proxyLocalActivities<OrderRecords>({
    startToCloseTimeout: '5 seconds',
    retry: { initialInterval: '200 ms', maximumInterval: '10 seconds' },
    summary,
  });
