import { proxyLocalActivities } from '@temporalio/workflow';
import type { EventRecords } from '../../contracts/mediators/event-records.ts';
import type { ReturnRecords as RecordsOfReturns } from '../../contracts/mediators/return-records.ts';
import { eventRecords } from '../kit/event-records.ts';
import { oneAtATime } from '../kit/records.ts';

/** The records of one return, and the row of the event that started it: local activities, faults retried until the database is back. */
export type ReturnRecords = RecordsOfReturns & Pick<EventRecords, 'completeEvent'>;

/** Opens the records; written one at a time. */
export function openReturnRecords(): ReturnRecords {
  const inTurn = oneAtATime();
  return {
    receiveReturn: (entry) => inTurn(() => noted('open the row of the return').receiveReturn(entry)),
    withdrawReturn: (entry) => inTurn(() => noted('remove the row of the return').withdrawReturn(entry)),
    noteReturn: (entry) => inTurn(() => noted(`write down: ${entry.state}`).noteReturn(entry)),
    recordReturnAction: (entry) => inTurn(() => noted(`write down: ${entry.action}`).recordReturnAction(entry)),
    finishReturn: (entry) => inTurn(() => noted('close the row of the return').finishReturn(entry)),
    completeEvent: (entry) => inTurn(() => eventRecords.completeEvent(entry)),
  };
}

const noted = (summary: string) =>
  proxyLocalActivities<RecordsOfReturns>({
    startToCloseTimeout: '5 seconds',
    retry: { initialInterval: '200 ms', maximumInterval: '10 seconds' },
    summary,
  });
