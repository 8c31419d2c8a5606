import { createWarehouseProcessor } from '../activities/warehouse/processor.ts';
import { createSupplier } from '../activities/warehouse/supplier.ts';
import { channels } from '../contracts/channels.ts';
import { createWarehouseStore } from '../activities/warehouse/store.ts';
import type { StartComponent } from './component.ts';
import { resumeReplenishments } from './resume-replenishments.ts';
import { startProcessor } from './start-processor.ts';

const startWorker = startProcessor('warehouse', channels.warehouse, (database, { supplierUrl }) => ({
  processor: createWarehouseProcessor({ supplier: createSupplier(supplierUrl), store: createWarehouseStore(database) }),
}));

/** One worker of `warehouse`: re-orders low titles from the supplier and asks what was delivered, also on purchase orders that Temporal lost. */
export const start: StartComponent = async (context) => {
  const worker = await startWorker(context);
  const stopping = new AbortController();
  const resuming = resumeReplenishments(createWarehouseStore(context.resources.database()), context, stopping.signal);
  return {
    ...worker,
    async stop() {
      stopping.abort();
      await Promise.all([worker.stop(), resuming]);
    },
  };
};
