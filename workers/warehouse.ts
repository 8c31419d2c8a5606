import { createWarehouseProcessor } from '../activities/warehouse.ts';
import { createSupplier } from '../activities/warehouse/supplier.ts';
import { channels } from '../contracts/channels.ts';
import { createWarehouseStore } from '../prisma/stores/warehouse.ts';
import { startProcessor } from './start-processor.ts';

/** One worker of `warehouse`: re-orders low titles from the supplier and asks what was delivered. */
export const start = startProcessor('warehouse', channels.warehouse, (database, { supplierUrl }) => ({
  processor: createWarehouseProcessor({ supplier: createSupplier(supplierUrl), store: createWarehouseStore(database) }),
}));
