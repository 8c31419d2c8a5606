import type { InventoryProcessor } from '../../contracts/inventory.ts';
import type { InventoryStore } from './store.ts';
import { answerOf } from '../kit/refuse.ts';

export interface InventoryPorts {
  readonly store: InventoryStore;
}

/** Takes stock, puts it back, books deliveries; what becomes free goes to those that wait. */
export const createInventoryProcessor = ({ store }: InventoryPorts): InventoryProcessor => ({
  adjustInventory: async (command) => answerOf(await store.adjust({ ...ofTheFirstVersion, ...command })),
  releaseInventory: async (command) => answerOf(await store.release(command)),
  receiveStock: (command) => store.receive(command),
  restockReturn: async (command) => answerOf(await store.restock(command)),
});

/** What an order of the first version, which knew no rounds and waited for nothing, has asked. */
const ofTheFirstVersion = { round: 1, orWait: false };
