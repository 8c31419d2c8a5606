import { dataschemaOf } from '../../contracts/cloud-events.ts';
import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import {
  deliverySubject,
  supplierDeliveries,
  type StockDelivered,
} from '../../contracts/outside/supplier-deliveries.ts';
import type { OutgoingMessage } from '../../broker-bridge/nats/broker.ts';

/** A delivery as an event: a CloudEvent in binary mode, whose message id is the delivery's. */
export function deliveryEvent(delivered: StockDelivered, at: string): OutgoingMessage {
  const { purchaseOrderId, deliveryId } = delivered;
  return {
    id: deliveryId,
    subject: deliverySubject(purchaseOrderId),
    headers: {
      [eventHeaders.specversion]: '1.0',
      [eventHeaders.id]: deliveryId,
      [eventHeaders.source]: 'urn:supplier',
      [eventHeaders.type]: supplierDeliveries.eventName,
      [eventHeaders.time]: at,
      [eventHeaders.key]: purchaseOrderId,
      [eventHeaders.dataschema]: dataschemaOf(supplierDeliveries.eventName),
      [eventHeaders.dataContentType]: 'application/json',
    },
    data: new TextEncoder().encode(JSON.stringify(delivered)),
  };
}

/** The deliveries that the supplier has to tell, and its note of those that it has told. */
export interface Tellable {
  /** The deliveries that have arrived and were not told yet, oldest first. */
  untold(): readonly (StockDelivered & { readonly at: string })[];
  /** Resolves when it is on disk that the delivery was told. */
  noteTold(delivered: StockDelivered): Promise<void>;
}

/** Milliseconds from one look at what has arrived to the next, and from a failure to the next attempt. */
const pauses = { look: 200, failure: 1_000 };

/**
 * Tells each delivery when it has arrived, at least once: one that was told in the moment of a crash is told again,
 * under the same id. What cannot be told is told later. The function that it returns ends it.
 */
export function startTelling(
  supplier: Tellable,
  publish: (message: OutgoingMessage) => Promise<unknown>,
): () => Promise<void> {
  let next: NodeJS.Timeout | undefined;
  let hasEnded = false;
  const tellAll = async (): Promise<number> => {
    try {
      for (const { at, ...delivered } of supplier.untold()) {
        await publish(deliveryEvent(delivered, at));
        await supplier.noteTold(delivered);
      }
      return pauses.look;
    } catch (error) {
      if (!hasEnded) console.error('A delivery could not be told; trying again:', error);
      return pauses.failure;
    }
  };
  const look = async (): Promise<void> => {
    const pause = await tellAll();
    if (!hasEnded) next = setTimeout(() => void (looking = look()), pause);
  };
  let looking = look();
  return async () => {
    hasEnded = true;
    clearTimeout(next);
    await looking;
  };
}
