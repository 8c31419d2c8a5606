import type { EventRecords } from '../../contracts/mediators/event-records.ts';
import type { ReturnRecords as RecordsOfReturns } from '../../contracts/mediators/return-records.ts';
import { eventSummaries } from '../kit/queued-event.ts';
import { openRecords } from '../kit/records.ts';

/** The records of one return, and of the event that started it. */
export type ReturnRecords = RecordsOfReturns & EventRecords;

/** Opens the records of a return. */
export const openReturnRecords = (): ReturnRecords =>
  openRecords<ReturnRecords>({
    ...eventSummaries,
    receiveReturn: 'open the row of the return',
    withdrawReturn: 'remove the row of the return',
    noteReturn: ({ state }) => `write down: ${state}`,
    recordReturnAction: ({ action }) => `write down: ${action}`,
    finishReturn: 'close the row of the return',
  });
