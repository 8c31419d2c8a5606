import type { OrderShipped, ShipOrder, ShippingProcessor } from '../../contracts/shipping.ts';
import type { Outcome } from '../../prisma/outcome.ts';
import { answerOf } from '../kit/refuse.ts';
import { lookThrough } from '../kit/unsettled-intents.ts';
import type { Carrier, CarrierShipment } from './carrier.ts';
import type { ShippingStore } from './store.ts';

export interface ShippingPorts {
  readonly carrier: Carrier;
  readonly store: ShippingStore;
}

/**
 * Books carriers and calls shipments back. The intent is written before the carrier is asked, the settlement after;
 * both notice a compensation that came in between.
 */
export const createShippingProcessor = (ports: ShippingPorts): ShippingProcessor => ({
  async shipOrder(command) {
    const begun = await ports.store.begin(command);
    if (begun.standing === 'known') return answerOf(begun.outcome);
    if (begun.standing === 'undone') {
      await recallOwn(ports, command);
      return answerOf({ refusal: { type: 'AlreadyUndone', details: { requestId: command.requestId } } });
    }
    const found = begun.standing === 'look-first' ? await underWay(ports, command) : [];
    const all = found.length > 0 ? found : await book(ports, command);
    const outcome = await ports.store.settle(command, all[0] ? answerAs(all[0]) : null);
    // The command came too late, or another attempt booked it too.
    const surplus = all.filter((one) => !isBookedBy(outcome, one));
    for (const one of surplus) await recall(ports, command.orderId, one);
    return answerOf(outcome);
  },
  async recallShipment(command) {
    await ports.store.undo(command.orderId);
    const shipments = await ports.carrier.shipmentsOf(command.orderId);
    for (const one of shipments) await recall(ports, command.orderId, one);
    return answerOf(await ports.store.answerRecall(command, { recalled: shipments.length > 0 }));
  },
  async reconcileShipments({ requestId, olderThanSeconds }) {
    const recalled = await lookThrough({
      requestId,
      what: 'shipments',
      read: (page) => ports.store.unsettled({ ...page, olderThanSeconds }),
      takeBack: (intent) => recallOwn(ports, intent),
      forget: (intent) => ports.store.forget(intent.requestId),
    });
    return { recalled };
  },
});

/** The command under whose request id something may be booked. */
type Booking = Pick<ShipOrder, 'requestId' | 'orderId'>;

const answerAs = ({ carrier, method, trackingNumber }: CarrierShipment): OrderShipped => ({
  carrier,
  method,
  trackingNumber,
});

/** Another attempt may have booked meanwhile, and a compensation may have called that back: then nothing is booked. */
async function book({ carrier, store }: ShippingPorts, command: ShipOrder): Promise<readonly CarrierShipment[]> {
  try {
    return await carrier.book(command);
  } catch (error) {
    if ((await store.begin(command)).standing === 'undone') return [];
    throw error;
  }
}

/** The shipments that earlier attempts booked, whose answers were lost. */
const underWay = async (ports: ShippingPorts, booking: Booking) =>
  (await ownOf(ports, booking)).filter(({ recalled }) => !recalled);

const ownOf = async ({ carrier }: ShippingPorts, { requestId, orderId }: Booking) =>
  (await carrier.shipmentsOf(orderId)).filter((one) => one.idempotencyKey === requestId);

const isBookedBy = (outcome: Outcome<OrderShipped>, { trackingNumber }: CarrierShipment): boolean =>
  'answer' in outcome && outcome.answer.trackingNumber === trackingNumber;

/** A booking that came too late, after its compensation, reverses itself. True when there was one. */
async function recallOwn(ports: ShippingPorts, booking: Booking): Promise<boolean> {
  const own = await ownOf(ports, booking);
  for (const one of own) await recall(ports, booking.orderId, one);
  return own.length > 0;
}

/** Calls a shipment back, and records it. Safe to repeat, also when an attempt was cut off in between. */
async function recall({ carrier, store }: ShippingPorts, orderId: string, shipment: CarrierShipment): Promise<void> {
  if (!shipment.recalled) await carrier.recall(shipment.trackingNumber);
  await store.recalled(orderId, shipment.idempotencyKey, shipment);
}
