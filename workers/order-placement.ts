import { createOrderPlacementProcessor } from '../activities/order-placement/processor.ts';
import { channels } from '../contracts/channels.ts';
import { createOrderPlacementStore } from '../activities/order-placement/store.ts';
import { startProcessor } from './start-processor.ts';

/** One worker of `order-placement`: prices, and writes orders and their cancellation. */
export const start = startProcessor('order-placement', channels.orderPlacement, (database) => ({
  processor: createOrderPlacementProcessor({ store: createOrderPlacementStore(database) }),
}));
