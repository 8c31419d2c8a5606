import type { ReturnRecords } from '../../contracts/mediators/return-records.ts';
import type { ReturnsStore } from './returns.ts';
import { answerOf } from '../kit/refuse.ts';

/** The returns mediator's own records, as local activities of its worker. */
export const createReturnRecords = ({ store }: { readonly store: ReturnsStore }): ReturnRecords => ({
  receiveReturn: async (entry) => answerOf(await store.receive(entry)),
  withdrawReturn: ({ requestId }) => store.withdraw(requestId),
  noteReturn: (entry) => store.note(entry),
  recordReturnAction: (entry) => store.record(entry),
  finishReturn: (entry) => store.finish(entry),
});
