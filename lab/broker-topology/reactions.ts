import { createHash } from 'node:crypto';
import type { CommandName } from '../../contracts/command-routes.ts';
import { commandRequestId, createOrderRequestId } from '../../contracts/ids.ts';
import type { OrderMailKind } from '../../contracts/notification.ts';
import type { assemblies } from '../../workers/processors.ts';
import type { Bodies, MessageName, OrderPlaced } from './messages.ts';

/*
 * The whole flow of an order without a mediator: each processor says what it must have heard, and what it does then.
 * No file says in which order things happen; the arrows are these:
 *
 *   place-order ─▶ order-placement ─▶ order-placed ──┬─▶ notification (confirmation)
 *                                     order-created  ├─▶ payment ──────▶ payment-applied ──┐
 *                                          │         │                                     ├─▶ order-fulfillment ─▶ order-fulfilled
 *                                          └─────────┼─▶ inventory ────▶ inventory-updated ┤                              │
 *                                                    │                                     └─▶ warehouse ─▶ stock-ordered │
 *                                                    └─▶ shipping, notification: they keep address and recipient          │
 *     notification (shipped) ◀── order-shipped ◀── shipping ◀─────────────────────────────────────────────────────────────┤
 *     notification (ready to ship) ◀──────────────────────────────────────────────────────────────────────────────────────┘
 *
 * Payment and stock go on side by side, and nobody knows when both are done. Order fulfillment finds out by itself: it
 * writes down each of the two facts, and packs when it has both. When one never comes, it waits for ever, and that is
 * no error to anybody.
 *
 * Nobody hears `payment-denied` or `inventory-denied`. Inventory could give stock back when it heard the first, and
 * notification could write a mail; then each of them knew a reason for which payment fails, and so would every later
 * processor. Where that ends, a mediator begins, in seven places.
 */

/** What a processor does when it has heard all of some messages about one order. */
export interface Reaction {
  readonly needs: readonly MessageName[];
  react(heard: Partial<Bodies>): Promise<unknown>;
}

/** The processors of the product, by name. */
export type ProcessorOf = {
  readonly [Name in keyof typeof assemblies]: ReturnType<(typeof assemblies)[Name]>['processor'];
};

/** Tells the message of the lab that follows from an order that is written. */
export type TellPlaced = (placed: OrderPlaced) => Promise<unknown>;

/** The reactions of each processor, by its name. */
export const reactionsOf: {
  readonly [Name in keyof ProcessorOf]: (processor: ProcessorOf[Name], tell: TellPlaced) => readonly Reaction[];
} = {
  // Not one transaction: when it ends in between, the initiating event comes again, and both are done as before.
  'order-placement': ({ createOrder }, tell) => [
    when(['place-order'], async ({ 'place-order': { requestId, card, ...order } }) => {
      const created = await createOrder({
        ...order,
        orderId: orderIdOf(requestId),
        requestId: createOrderRequestId(requestId),
      });
      await tell({ ...created, card, customerId: order.customerId, shipTo: order.shipTo });
    }),
  ],
  // The card is in no fact: it comes with `order-placed`, and so does the amount.
  payment: ({ applyPayment }) => [
    when(['order-placed'], ({ 'order-placed': { orderId, total, card } }) =>
      applyPayment({ ...ids(orderId, 'apply-payment'), round: 1, amount: total, card }),
    ),
  ],
  // An order that is short does not wait in line: there is no workflow that could be told when it is its turn.
  inventory: ({ adjustInventory }) => [
    when(['order-created'], ({ 'order-created': { orderId, lines } }) =>
      adjustInventory({ ...ids(orderId, 'adjust-inventory'), round: 1, lines, orWait: false, workflowId: '' }),
    ),
  ],
  // The lines come from inventory's fact, so that the order's own are asked of nobody.
  'order-fulfillment': ({ fulfillOrder }) => [
    when(['payment-applied', 'inventory-updated'], ({ 'inventory-updated': { orderId, lines } }) =>
      fulfillOrder({ ...ids(orderId, 'fulfill-order'), lines }),
    ),
  ],
  // It does not wait for the payment: a title that is low is low. So it also re-orders for orders that are never paid.
  warehouse: ({ orderStock }) => [
    when(['inventory-updated'], ({ 'inventory-updated': { orderId, levels } }) =>
      orderStock({ ...ids(orderId, 'order-stock'), levels }),
    ),
  ],
  // The address is in no fact: shipping keeps it from `order-placed` until the parcels are packed.
  shipping: ({ shipOrder }) => [
    when(['order-placed', 'order-fulfilled'], ({ 'order-placed': { shipTo }, 'order-fulfilled': packedOrder }) => {
      const { orderId, ...packed } = packedOrder;
      return shipOrder({ ...ids(orderId, 'ship-order'), shipTo, packed });
    }),
  ],
  // The recipient is in no fact: notification keeps him from `order-placed` until the last mail.
  notification({ emailCustomer }) {
    const mail = (kind: OrderMailKind, placed: OrderPlaced, news: object = {}) => {
      const { orderId, customerId, customer: to, lines, shipping, total } = placed;
      const requestId = commandRequestId(orderId, 'email-customer', 1, kind);
      return emailCustomer({ requestId, orderId, kind, customerId, to, about: { lines, shipping, total, ...news } });
    };
    return [
      when(['order-placed'], (heard) => mail('confirmation', heard['order-placed'])),
      when(['order-placed', 'order-fulfilled'], (heard) => mail('ready-to-ship', heard['order-placed'])),
      when(['order-placed', 'order-shipped'], ({ 'order-placed': placed, 'order-shipped': shipped }) =>
        mail('shipped', placed, { carrier: shipped.carrier, trackingNumber: shipped.trackingNumber }),
      ),
    ];
  },
};

const when = <const Name extends MessageName>(
  needs: readonly Name[],
  react: (heard: Pick<Bodies, Name>) => Promise<unknown>,
): Reaction => ({ needs, react: (heard) => react(heard as Pick<Bodies, Name>) }); // called with all of them, or not at all

/** Every command has its first round only: there is nobody to ask again with another card or other lines. */
const ids = (orderId: string, command: CommandName) => ({ orderId, requestId: commandRequestId(orderId, command, 1) });

/** The id of the order that a request makes: the same however often it is asked for. */
export const orderIdOf = (requestId: string): string =>
  `ord-${createHash('sha256').update(requestId).digest('hex').slice(0, 20)}`;
