import { createOrderFulfillmentProcessor } from '../activities/order-fulfillment/processor.ts';
import { channels } from '../contracts/channels.ts';
import { createOrderFulfillmentStore } from '../activities/order-fulfillment/store.ts';
import { startProcessor } from './start-processor.ts';

/** One worker of `order-fulfillment`: packs parcels and unpacks them. */
export const start = startProcessor('order-fulfillment', channels.orderFulfillment, (database) => ({
  processor: createOrderFulfillmentProcessor({ store: createOrderFulfillmentStore(database) }),
}));
