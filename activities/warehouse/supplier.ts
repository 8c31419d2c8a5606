import type { DeliveryStatus, PurchaseOrder } from '../../contracts/warehouse.ts';
import { callService } from '../kit/call-service.ts';

/** The supplier. Every method throws a fault when it cannot say what happened; asking again is safe. */
export interface Supplier {
  /** Places a purchase order; a repeat with the same id places it once. */
  place(purchaseOrder: PurchaseOrder): Promise<void>;
  /** The deliveries so far. */
  deliveries(purchaseOrderId: string): Promise<DeliveryStatus>;
}

/** The supplier over HTTP. */
export const createSupplier = (url: string): Supplier => {
  const call = callService('supplier', url);
  return {
    async place({ purchaseOrderId, isbn, quantity }) {
      await call('POST', '/purchase-orders', { body: { purchaseOrderId, isbn, quantity }, expect: [201] });
    },
    async deliveries(purchaseOrderId) {
      const reply = await call('GET', `/purchase-orders/${encodeURIComponent(purchaseOrderId)}`, { expect: [200] });
      const { deliveries, complete } = reply.body as DeliveryStatus;
      return { deliveries: deliveries.map(({ deliveryId, quantity }) => ({ deliveryId, quantity })), complete };
    },
  };
};
