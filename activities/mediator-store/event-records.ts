import type { EventRecords } from '../../contracts/mediators/event-records.ts';
import type { RepairCaseStore, RepairPolicy } from '../../contracts/mediators/repair.ts';
import type { EventStore } from './events.ts';

export interface EventRecordsPorts {
  readonly store: EventStore;
  readonly cases: RepairCaseStore;
  /** What a case's workflow is started with. */
  readonly policy: RepairPolicy;
}

/** What mediators write about the event that started them, as local activities of their workers. */
export const createEventRecords = ({ store, cases, policy }: EventRecordsPorts): EventRecords => ({
  completeEvent: (entry) => store.complete(entry),
  async refuseEvent(entry) {
    const refused = await store.refuse(entry);
    if (!refused) return null;
    const { event, isKnown } = refused;
    await cases.openCase(event, isKnown);
    return { caseId: event.caseId, isKnown, policy };
  },
});
