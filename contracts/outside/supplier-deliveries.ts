import { subjectToken } from '../facts.ts';

/**
 * The supplier's deliveries, on a JetStream work queue of their own: the supplier publishes, the component `deliveries`
 * takes. The supplier can be asked for the same over HTTP, so that one that is never published is booked as well,
 * later.
 */
export const supplierDeliveries = {
  stream: 'SUPPLIER_DELIVERIES',
  subjects: ['supplier.event.stock-delivered.*'],
  consumer: 'deliveries',
  eventName: 'stock-delivered',
  maxBytes: 256 * 1024 * 1024,
  maxMessages: 1_000_000,
} as const;

/** One delivery, as the supplier tells it. The id is the delivery's: the same in every repeat. */
export interface StockDelivered {
  readonly purchaseOrderId: string;
  readonly deliveryId: string;
  /** Pieces, 1 or more. */
  readonly quantity: number;
}

/** The subject of a delivery; its key is the purchase order. */
export const deliverySubject = (purchaseOrderId: string): string =>
  `supplier.event.${supplierDeliveries.eventName}.${subjectToken(purchaseOrderId)}`;

export const isDeliverySubject = (subject: string): boolean =>
  subject.startsWith(`supplier.event.${supplierDeliveries.eventName}.`);
