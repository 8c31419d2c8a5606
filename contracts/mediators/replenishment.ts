import { replenishmentWorkflowId } from '../ids.ts';
import type { PurchaseOrder } from '../warehouse.ts';

/** The workflow that waits for the delivery of one purchase order and books it. */
export const replenishment = { workflowType: 'replenishment' } as const;

export interface StartReplenishment extends PurchaseOrder {
  /** The deliveries that inventory has booked already, passed on when the workflow continues as new. */
  readonly booked: readonly string[];
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
