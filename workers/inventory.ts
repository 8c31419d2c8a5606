import { createInventoryProcessor } from '../activities/inventory/processor.ts';
import { channels } from '../contracts/channels.ts';
import { createInventoryStore } from '../activities/inventory/store.ts';
import { startProcessor } from './start-processor.ts';

/** One worker of `inventory`: takes stock, puts it back, books deliveries. */
export const start = startProcessor('inventory', channels.inventory, (database) => ({
  processor: createInventoryProcessor({ store: createInventoryStore(database) }),
}));
