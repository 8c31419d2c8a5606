import type { OrderPlacementProcessor } from '../contracts/order-placement.ts';
import type { OrderPlacementStore } from '../prisma/stores/order-placement.ts';
import { answerOf } from './refuse.ts';

export interface OrderPlacementPorts {
  readonly store: OrderPlacementStore;
}

/** Prices and writes orders, amends them, and marks them cancelled. */
export const createOrderPlacementProcessor = ({ store }: OrderPlacementPorts): OrderPlacementProcessor => ({
  createOrder: async (command) => answerOf(await store.create(command)),
  amendOrder: async (command) => answerOf(await store.amend(command)),
  cancelOrder: async (command) => answerOf(await store.cancel(command)),
});
