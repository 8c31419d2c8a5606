import type { OrderFulfillmentProcessor } from '../../contracts/order-fulfillment.ts';
import type { OrderFulfillmentStore } from './store.ts';
import { packParcels } from './pack-parcels.ts';
import { answerOf } from '../kit/refuse.ts';

export interface OrderFulfillmentPorts {
  readonly store: OrderFulfillmentStore;
}

/** Packs parcels and unpacks them. */
export const createOrderFulfillmentProcessor = ({ store }: OrderFulfillmentPorts): OrderFulfillmentProcessor => ({
  async fulfillOrder(command) {
    const isbns = command.lines.map((line) => line.isbn);
    const weights = await store.weights(isbns);
    const unknown = isbns.filter((isbn) => !weights.has(isbn));
    if (unknown.length > 0) {
      return answerOf(await store.refuse(command, { type: 'NotPackable', details: { isbns: unknown } }));
    }
    return answerOf(await store.pack(command, packParcels(command.lines, weights)));
  },
  unpackOrder: async (command) => answerOf(await store.unpack(command)),
});
