import type { OrderShipped, ShipOrder } from '../../contracts/shipping.ts';
import { callService, codeOf, lasting } from '../kit/call-service.ts';

/** A shipment in the carrier's books. */
export interface CarrierShipment extends OrderShipped {
  /** The request id of the `ship-order` that booked it. */
  readonly idempotencyKey: string;
  readonly recalled: boolean;
}

/** The carrier. Every method throws a fault when it cannot say what happened; asking again is safe. */
export type Carrier = ReturnType<typeof createCarrier>;

const refusals: readonly (string | undefined)[] = ['country_not_served', 'too_heavy'];

/** The carrier over HTTP. */
export const createCarrier = (url: string) => {
  const call = callService('carrier', url);
  return {
    /**
     * Books the cheapest service that takes every parcel to the country; nothing when there is none. Once per request
     * id, as long as the carrier remembers it: look up by order before booking again.
     */
    async book({ requestId, orderId, shipTo, packed }: ShipOrder): Promise<readonly CarrierShipment[]> {
      const body = { orderId, shipTo, ...packed };
      const reply = await call('POST', '/shipments', { idempotencyKey: requestId, body, expect: [201, 422] });
      if (reply.status === 201) return [notRecalled(reply.body as CarrierShipment)];
      if (!refusals.includes(codeOf(reply))) throw lasting('The carrier refused for a reason that is not known here.');
      return [];
    },
    /** Every shipment booked for the order, oldest first. */
    async shipmentsOf(orderId: string): Promise<readonly CarrierShipment[]> {
      const reply = await call('GET', `/shipments?orderId=${encodeURIComponent(orderId)}`, { expect: [200] });
      return (reply.body as { shipments: CarrierShipment[] }).shipments;
    },
    /** Calls a shipment back; does nothing to one that was called back. */
    async recall(trackingNumber: string): Promise<void> {
      await call('POST', `/shipments/${encodeURIComponent(trackingNumber)}/recall`, { expect: [200] });
    },
  };
};

/** A shipment that was called back at the carrier's own desk is not under way: a person has to look at it. */
function notRecalled(shipment: CarrierShipment): CarrierShipment {
  if (!shipment.recalled) return shipment;
  throw lasting(`The carrier has called back ${shipment.trackingNumber}, which this command had booked.`);
}
