import type { OrderRecords } from '../../contracts/mediators/order-records.ts';
import type { OrderStore } from './orders.ts';
import { answerOf } from '../kit/refuse.ts';

/** The mediators' own records, as local activities of the mediators' worker. */
export const createOrderRecords = ({ store }: { readonly store: OrderStore }): OrderRecords => ({
  receiveOrder: async (entry) => answerOf(await store.receive(entry)),
  withdrawOrder: ({ requestId }) => store.withdraw(requestId),
  holdOrder: (entry) => store.hold(entry),
  resumeOrder: (entry) => store.resume(entry),
  noteAmendment: (entry) => store.noteAmendment(entry),
  recordAction: (entry) => store.record(entry),
  compensateOrder: (entry) => store.compensating(entry),
  finishOrder: (entry) => store.finish(entry),
});
