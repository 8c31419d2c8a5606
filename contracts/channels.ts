/**
 * The event channels: one Temporal task queue per processor, one per mediator, one for the workflow processor, and one
 * for bulk actions. Many workers may compete on each.
 */
export const channels = {
  orderPlacement: 'order-placement-queue',
  notification: 'notification-queue',
  payment: 'payment-queue',
  inventory: 'inventory-queue',
  orderFulfillment: 'order-fulfillment-queue',
  warehouse: 'warehouse-queue',
  shipping: 'shipping-queue',
  orderMediator: 'order-mediator-queue',
  compact: 'compact-queue',
  customerMediator: 'customer-mediator-queue',
  returnsMediator: 'returns-mediator-queue',
  workflowProcessor: 'workflow-processor-queue',
  bulk: 'bulk-queue',
} as const;

/** The name of a task queue. */
export type Channel = (typeof channels)[keyof typeof channels];
