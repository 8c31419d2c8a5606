import type { ShippingProcessor } from '../../contracts/shipping.ts';
import type { ShippingStore } from './store.ts';
import { answerOf } from '../kit/refuse.ts';

export interface ShippingPorts {
  readonly store: ShippingStore;
}

/** Books carriers and calls shipments back. */
export const createShippingProcessor = ({ store }: ShippingPorts): ShippingProcessor => ({
  shipOrder: async (command) => answerOf(await store.ship(command)),
  recallShipment: async (command) => answerOf(await store.recall(command)),
});
