import { dataschemaOf } from '../../contracts/cloud-events.ts';
import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import {
  deliverySubject,
  supplierDeliveries,
  type StockDelivered,
} from '../../contracts/outside/supplier-deliveries.ts';
import type { OutgoingMessage } from '../../broker-bridge/nats/broker.ts';
import { connectBroker } from '../../broker-bridge/nats/connect.ts';

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

/** Milliseconds between two looks at what has arrived. */
const lookEvery = 200;

/**
 * Tells each delivery when it has arrived, at least once: one that was told in the moment of a crash is told again,
 * under the same id. What cannot be told is told later. The function that it returns ends it.
 */
export function startTelling(
  supplier: Tellable,
  publish: (message: OutgoingMessage) => Promise<unknown>,
): () => Promise<void> {
  let telling: Promise<void> | undefined;
  const tellAll = async (): Promise<void> => {
    for (const { at, ...delivered } of supplier.untold()) {
      await publish(deliveryEvent(delivered, at));
      await supplier.noteTold(delivered);
    }
  };
  const look = setInterval(() => {
    telling ??= tellAll()
      .catch((error: unknown) => console.error('A delivery could not be told; trying again.', error))
      .finally(() => (telling = undefined));
  }, lookEvery);
  return async () => {
    clearInterval(look);
    await telling;
  };
}

const nothing = (): Promise<void> => Promise.resolve();

/**
 * Tells its deliveries at the NATS of this address; without one it only answers. It does not wait for NATS to be there.
 * The function that it returns ends it.
 */
export function tellAt(url: string | undefined, supplier: Tellable): () => Promise<void> {
  if (!url) return nothing;
  const log = { debug: nothing, info: console.log, warn: console.error, error: console.error };
  let stop = nothing;
  void connectBroker({ url, name: 'supplier', log }).then((broker) => {
    const stopTelling = startTelling(supplier, (message) => broker.publish(message));
    stop = async () => {
      await stopTelling();
      await broker.close();
    };
  });
  return () => stop();
}
