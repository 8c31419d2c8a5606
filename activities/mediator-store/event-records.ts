import type { EventLedger } from '../../contracts/mediators/event-records.ts';
import type { RepairCaseStore, RepairPolicy } from '../../contracts/mediators/repair.ts';
import type { EventLedgerStore } from './events.ts';

export interface EventLedgerPorts {
  readonly store: EventLedgerStore;
  readonly cases: RepairCaseStore;
  /** What a case's workflow is started with. */
  readonly policy: RepairPolicy;
}

/** What mediators write about the event that started them, as local activities of their workers. */
export const createEventLedger = ({ store, cases, policy }: EventLedgerPorts): EventLedger => ({
  completeEvent: (entry) => store.complete(entry),
  async refuseEvent(entry) {
    const refused = await store.refuse(entry);
    if (!refused) return null;
    const { event, isKnown } = refused;
    await cases.openCase(event, isKnown);
    return { caseId: event.caseId, isKnown, policy };
  },
});
