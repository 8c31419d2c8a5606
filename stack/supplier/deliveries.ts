import { createHash } from 'node:crypto';

/** The supplier's ways of delivering: `mixed` decides by the purchase order's id. */
export const supplierModes = ['mixed', 'whole', 'partly', 'late'] as const;

export type SupplierMode = (typeof supplierModes)[number];

export interface PurchaseOrder {
  readonly purchaseOrderId: string;
  readonly isbn: string;
  /** Pieces, 1 or more. */
  readonly quantity: number;
}

export interface Delivery {
  /** `<purchase order>-1`, `-2`. */
  readonly deliveryId: string;
  readonly quantity: number;
  /** When it arrives, ISO 8601. */
  readonly at: string;
}

export interface SupplierSettings {
  readonly mode: SupplierMode;
  /** Milliseconds from the purchase order to its delivery. */
  readonly deliveryMs: number;
}

/** Plans the deliveries of a purchase order. They always add up to the quantity ordered. */
export function planDeliveries(
  order: PurchaseOrder,
  acceptedAt: Date,
  settings: SupplierSettings,
): readonly Delivery[] {
  const mode = settings.mode === 'mixed' ? modeOf(order.purchaseOrderId) : settings.mode;
  const after = (delays: number) => new Date(acceptedAt.getTime() + delays * settings.deliveryMs).toISOString();
  const first = Math.ceil(order.quantity / 2);
  const parts =
    mode === 'partly' && order.quantity > 1
      ? [
          { quantity: first, at: after(1) },
          { quantity: order.quantity - first, at: after(2) },
        ]
      : [{ quantity: order.quantity, at: after(mode === 'late' ? 3 : 1) }];
  return parts.map((part, index) => ({ deliveryId: `${order.purchaseOrderId}-${index + 1}`, ...part }));
}

/** Most purchase orders come whole, two of ten in two parts, one of ten late. */
function modeOf(purchaseOrderId: string): SupplierMode {
  const tenth = (createHash('sha256').update(purchaseOrderId).digest()[0] ?? 0) % 10;
  if (tenth === 0) return 'late';
  return tenth <= 2 ? 'partly' : 'whole';
}
