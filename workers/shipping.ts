import { createShippingProcessor } from '../activities/shipping/processor.ts';
import { channels } from '../contracts/channels.ts';
import { createShippingStore } from '../activities/shipping/store.ts';
import { startProcessor } from './start-processor.ts';

/** One worker of `shipping`: books carriers and calls shipments back. */
export const start = startProcessor('shipping', channels.shipping, (database) => ({
  processor: createShippingProcessor({ store: createShippingStore(database) }),
}));
