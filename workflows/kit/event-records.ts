import { proxyLocalActivities } from '@temporalio/workflow';
import type { EventRecords } from '../../contracts/mediators/event-records.ts';

const noted = (summary: string) =>
  proxyLocalActivities<EventRecords>({
    startToCloseTimeout: '5 seconds',
    retry: { initialInterval: '200 ms', maximumInterval: '10 seconds' },
    summary,
  });

/**
 * What a mediator writes about the event that started it; local activities of its own worker. Ask one at a time, and none while another local activity is under way.
 * Faults are retried until the database is back.
 */
export const eventRecords: EventRecords = {
  completeEvent: (entry) => noted('the event is complete').completeEvent(entry),
  refuseEvent: (entry) => noted('the event is erroneous').refuseEvent(entry),
};
