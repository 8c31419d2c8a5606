import type { OrderPlacementProcessor } from '../../contracts/order-placement.ts';
import type { OrderPlacementStore } from './store.ts';
import { answerOf } from '../kit/refuse.ts';

export interface OrderPlacementPorts {
  readonly store: OrderPlacementStore;
}

/** Prices and writes orders, amends them, and marks them cancelled; writes customers and where they live, and what goes back. */
export const createOrderPlacementProcessor = ({ store }: OrderPlacementPorts): OrderPlacementProcessor => ({
  createOrder: async (command) => answerOf(await store.create(command)),
  amendOrder: async (command) => answerOf(await store.amend(command)),
  cancelOrder: async (command) => answerOf(await store.cancel(command)),
  registerCustomer: async (command) => answerOf(await store.register(command)),
  changeAddress: async (command) => answerOf(await store.changeAddress(command)),
  openReturn: async (command) => answerOf(await store.openReturn(command)),
  closeReturn: async (command) => answerOf(await store.closeReturn(command)),
});
