import type { EventRecords } from '../../contracts/mediators/event-records.ts';
import type { OrderRecords } from '../../contracts/mediators/order-records.ts';
import { eventSummaries } from '../kit/queued-event.ts';
import { openRecords } from '../kit/records.ts';

/** Opens the records of an order, and of the event that started it. */
export const openOrderRecords = (): OrderRecords & EventRecords =>
  openRecords<OrderRecords & EventRecords>({
    ...eventSummaries,
    receiveOrder: 'open the row of the order',
    withdrawOrder: 'remove the row of the order',
    holdOrder: ({ hold }) => `write down that it waits: ${hold.reason}`,
    resumeOrder: ({ hold }) => `write down that it resumes: ${hold.reason}`,
    noteAmendment: ({ amendment }) => (amendment ? 'an amendment begins' : 'the amendment came to nothing'),
    recordAction: ({ action }) => `write down: ${action}`,
    compensateOrder: 'mark it as being compensated',
    finishOrder: 'close the row of the order',
  });
