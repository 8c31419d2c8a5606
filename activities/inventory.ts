import type { InventoryProcessor } from '../contracts/inventory.ts';
import type { InventoryStore } from '../prisma/stores/inventory.ts';
import { answerOf } from './refuse.ts';

export interface InventoryPorts {
  readonly store: InventoryStore;
}

/** Takes stock, puts it back, books deliveries. */
export const createInventoryProcessor = ({ store }: InventoryPorts): InventoryProcessor => ({
  adjustInventory: async (command) => answerOf(await store.adjust(command)),
  releaseInventory: async (command) => answerOf(await store.release(command)),
  receiveStock: (command) => store.receive(command),
});
