import type { PurchaseOrder, WarehouseProcessor } from '../../contracts/warehouse.ts';
import type { IntendedOrder } from './purchase-orders.ts';
import type { WarehouseStore } from './store.ts';
import { lasting } from '../kit/call-service.ts';
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
export const createWarehouseProcessor = (ports: WarehousePorts): WarehouseProcessor => {
  const { supplier, store } = ports;
  return {
    async orderStock(command) {
      const begun = await store.begin(command);
      if ('outcome' in begun) return answerOf(begun.outcome);
      return answerOf(await store.ordered(command, { purchaseOrders: await placeAll(ports, begun.purchaseOrders) }));
    },
    async checkDelivery({ purchaseOrderId }) {
      const status = await supplier.deliveries(purchaseOrderId);
      if (status) return status;
      const [lost] = await store.purchaseOrder(purchaseOrderId);
      if (!lost) throw lasting(`There is no purchase order ${purchaseOrderId}.`);
      await supplier.place(lost);
      return { deliveries: [], complete: false };
    },
    async closePurchaseOrder(command) {
      const closed = await store.close(command);
      return { closed, purchaseOrders: await placeAll(ports, await store.purchaseOrdersOf(command.requestId)) };
    },
    async reconcileStock(command) {
      const uncovered = await store.cover(command.requestId);
      const overlooked = await store.orderOverlooked(command);
      return { uncovered, overlooked, purchaseOrders: await placeAll(ports, await store.leftBehind(command)) };
    },
  };
};

/** One that the supplier refuses keeps no other waiting; the first error is thrown at the end. */
async function placeAll(ports: WarehousePorts, intended: readonly IntendedOrder[]): Promise<readonly PurchaseOrder[]> {
  const placed: PurchaseOrder[] = [];
  const troubles: unknown[] = [];
  for (const one of intended) {
    await place(ports, one).then(
      (purchaseOrder) => placed.push(purchaseOrder),
      (error: unknown) => troubles.push(error),
    );
  }
  if (troubles.length > 0) throw troubles[0];
  return placed;
}

async function place(
  { supplier, store }: WarehousePorts,
  { placed, ...purchaseOrder }: IntendedOrder,
): Promise<PurchaseOrder> {
  if (placed) return purchaseOrder;
  await supplier.place(purchaseOrder);
  await store.placed(purchaseOrder.purchaseOrderId);
  return purchaseOrder;
}
