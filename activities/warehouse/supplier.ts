import type { DeliveryStatus, PurchaseOrder } from '../../contracts/warehouse.ts';
import { callService } from '../kit/call-service.ts';

/** The supplier. Every method throws a fault when it cannot say what happened; asking again is safe. */
export type Supplier = ReturnType<typeof createSupplier>;

/** The supplier over HTTP. */
export const createSupplier = (url: string) => {
  const call = callService('supplier', url);
  return {
    /** Places a purchase order; a repeat with the same id places it once. */
    async place({ purchaseOrderId, isbn, quantity }: PurchaseOrder): Promise<void> {
      await call('POST', '/purchase-orders', { body: { purchaseOrderId, isbn, quantity }, expect: [201] });
    },
    /** The deliveries so far; undefined when the supplier does not know the purchase order. */
    async deliveries(purchaseOrderId: string): Promise<DeliveryStatus | undefined> {
      const reply = await call('GET', `/purchase-orders/${encodeURIComponent(purchaseOrderId)}`, {
        expect: [200, 404],
      });
      if (reply.status === 404) return undefined;
      const { deliveries, complete } = reply.body as DeliveryStatus;
      return { deliveries: deliveries.map(({ deliveryId, quantity }) => ({ deliveryId, quantity })), complete };
    },
  };
};
