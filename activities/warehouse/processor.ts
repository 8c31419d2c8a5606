import type { PurchaseOrder, WarehouseProcessor } from '../../contracts/warehouse.ts';
import type { WarehouseStore } from './store.ts';
import { answerOf } from '../kit/refuse.ts';
import type { Supplier } from './supplier.ts';

export interface WarehousePorts {
  readonly supplier: Supplier;
  readonly store: WarehouseStore;
}

/**
 * Re-orders low and missing titles, asks for deliveries, and closes purchase orders. The intent is written before the
 * supplier is asked, mark and fact after.
 */
export const createWarehouseProcessor = ({ supplier, store }: WarehousePorts): WarehouseProcessor => ({
  async orderStock(command) {
    const begun = await store.begin(command);
    if ('outcome' in begun) return answerOf(begun.outcome);
    const purchaseOrders: PurchaseOrder[] = [];
    for (const { placed, ...purchaseOrder } of begun.purchaseOrders) {
      if (!placed) {
        await supplier.place(purchaseOrder);
        await store.placed(command.orderId, purchaseOrder);
      }
      purchaseOrders.push(purchaseOrder);
    }
    return answerOf(await store.ordered(command, { purchaseOrders }));
  },
  checkDelivery: ({ purchaseOrderId }) => supplier.deliveries(purchaseOrderId),
  closePurchaseOrder: (command) => store.close(command),
});
