import type { HoldReason } from './mediators/holds.ts';
import type { OrderState } from './mediators/order-mediator.ts';

/** The sort orders of a list of orders. `waiting` lists held orders only, the longest wait first. */
export const orderSorts = ['newest', 'oldest', 'customer', 'waiting'] as const;

export type OrderSort = (typeof orderSorts)[number];

/** Selects orders; every given field has to fit. */
export interface OrderFilter {
  readonly state?: OrderState;
  /** The reason of a hold that has not ended. */
  readonly holdReason?: HoldReason;
  /** The beginning of an order id or request id (4 characters and more), or a whole customer id. */
  readonly q?: string;
}
