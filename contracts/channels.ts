/** The event channels: one Temporal task queue per processor, and one for each mediator. Many workers may compete on each. */
export const channels = {
  orderPlacement: 'order-placement-queue',
  notification: 'notification-queue',
  payment: 'payment-queue',
  inventory: 'inventory-queue',
  orderFulfillment: 'order-fulfillment-queue',
  warehouse: 'warehouse-queue',
  shipping: 'shipping-queue',
  orderMediator: 'order-mediator-queue',
} as const;

export type Channel = (typeof channels)[keyof typeof channels];
