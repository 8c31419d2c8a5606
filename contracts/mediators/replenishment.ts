import { replenishmentWorkflowId } from '../ids.ts';
import type { Delivery, PurchaseOrder } from '../warehouse.ts';

/** The workflow that waits for the delivery of one purchase order and books it. */
export const replenishment = {
  workflowType: 'replenishment',
  /** Signal, its argument a `Delivery`: the supplier has told that it came. May come often, and in any order. */
  deliveredSignal: 'delivered',
} as const;

export interface StartReplenishment extends PurchaseOrder {
  /** The deliveries that inventory has booked already, passed on when the workflow continues as new. */
  readonly booked: readonly string[];
  /** Pieces of these. */
  readonly received?: number;
  /** Deliveries that were told and are not booked yet, passed on in the same way. */
  readonly told?: readonly Delivery[];
}

export interface Replenished {
  readonly purchaseOrderId: string;
  /** Pieces booked over all deliveries; less than ordered when the supplier delivered less for good. */
  readonly received: number;
}

/** The start of a purchase order's workflow: one per purchase order, for ever. */
export function replenishmentStart({ purchaseOrderId, isbn, quantity }: PurchaseOrder) {
  const input: StartReplenishment = { purchaseOrderId, isbn, quantity, booked: [] };
  return {
    workflowId: replenishmentWorkflowId(purchaseOrderId),
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [input],
    staticSummary: `${quantity} of ${isbn} from the supplier`,
  } as const;
}
