import type { Client } from '@temporalio/client';
import type { Delivery as ToldDelivery } from '../../contracts/warehouse.ts';
import { channels } from '../../contracts/channels.ts';
import { eventHeaders } from '../../contracts/customer-event-queue.ts';
import { replenishment, replenishmentStart } from '../../contracts/mediators/replenishment.ts';
import { caseIdOf, type EventFault } from '../../contracts/mediators/repair.ts';
import { supplierDeliveries, type StockDelivered } from '../../contracts/outside/supplier-deliveries.ts';
import { reasonOf, runComponent, runSessions, type Log, type RunningComponent } from '../component.ts';
import type { DeadLetters } from '../dead-letter/dead-letters.ts';
import type { Broker, Delivery } from '../nats/broker.ts';
import { deliveryConsumer, ensureDeliveryStream } from '../nats/our-streams.ts';
import { answeredInTime, backoff } from '../waiting.ts';
import { readDelivery } from './read-delivery.ts';

/** The purchase order of a delivery, and the pieces that are booked under the delivery's id; null when none are. */
export interface DeliveryOf {
  readonly isbn: string;
  readonly ordered: number;
  readonly booked: number | null;
}

/** Deliveries come from this broker, and go to the replenishments at this Temporal. */
export interface DeliveriesOptions {
  readonly broker: Broker;
  readonly client: Client;
  readonly deadLetters: DeadLetters;
  /** Undefined when the shop has no such purchase order. */
  readonly deliveryOf: (delivered: StockDelivered) => Promise<DeliveryOf | undefined>;
  readonly log: Log;
}

/** Messages that are handled at once. */
const atOnce = 16;

/** After a failure, and until a delivery that was handed over is looked at again. */
const pauses = { failure: { first: 500, longest: 30_000 }, booking: { first: 500, longest: 15 * 60_000 } };

const warning = 'The deliveries of the supplier cannot be taken; trying again';

/**
 * Hands each delivery to the replenishment of its purchase order, which it starts when there is none. It books nothing,
 * and acknowledges a delivery when it is booked: of two that contradict each other one is booked, and the other one is
 * seen. What cannot be used is a dead letter. While PostgreSQL or Temporal is away, deliveries wait in the stream.
 * Several processes share them.
 */
export const startDeliveries = (options: DeliveriesOptions): RunningComponent =>
  runComponent('deliveries', (signal) =>
    runSessions(signal, { log: options.log, warning }, async () => {
      await options.broker.connected(signal);
      if (!signal.aborted) await takeAll(signal, options);
    }),
  );

async function takeAll(signal: AbortSignal, options: DeliveriesOptions): Promise<void> {
  await ensureDeliveryStream(options.broker);
  const deliveries = await options.broker.consume({ ...deliveryConsumer, signal });
  try {
    for (;;) {
      const messages = await deliveries.next(atOnce);
      if (messages.length === 0) return;
      await Promise.all(messages.map((message) => takeOne(message, options)));
    }
  } finally {
    await deliveries.close();
  }
}

/** Safe to repeat: the replenishment knows a delivery by its id, and so does inventory. */
async function takeOne(message: Delivery, options: DeliveriesOptions): Promise<void> {
  const { deadLetters, log } = options;
  try {
    const result = await handOver(message, options);
    if (result === 'told') return message.postpone(backoff(message.timesDelivered, pauses.booking));
    const ownCase = message.headers[eventHeaders.caseId];
    if (result !== 'booked') await sendAway(message, result, options);
    else if (ownCase !== undefined) await deadLetters.accepted(ownCase);
    await message.acknowledge();
  } catch (error) {
    const { streamSequence, timesDelivered } = message;
    log.warn({ error: reasonOf(error), streamSequence, timesDelivered }, 'A delivery could not be handed over yet');
    message.postpone(backoff(timesDelivered, pauses.failure));
  }
}

/** Resolves with what is wrong with the delivery, or with how far it has come. */
async function handOver(
  message: Delivery,
  { client, deliveryOf }: DeliveriesOptions,
): Promise<EventFault | 'told' | 'booked'> {
  const read = readDelivery(message);
  if (!read.ok) return read.fault;
  const { purchaseOrderId, deliveryId, quantity } = read.delivered;
  const known = await deliveryOf(read.delivered);
  if (!known) return unknownPurchaseOrder;
  if (known.booked !== null) return known.booked === quantity ? 'booked' : idUsedTwice;
  const start = {
    ...replenishmentStart({ purchaseOrderId, isbn: known.isbn, quantity: known.ordered }),
    // A delivery after the supplier has said that all has come is booked as well.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    taskQueue: channels.orderMediator,
    signal: replenishment.deliveredSignal,
    signalArgs: [{ deliveryId, quantity }] as [ToldDelivery],
  } as const;
  await answeredInTime(client, () => client.workflow.signalWithStart(replenishment.workflowType, start));
  return 'told';
}

const unknownPurchaseOrder: EventFault = {
  reason: 'bad-body',
  message: 'The shop has no such purchase order.',
  problems: [{ field: 'purchaseOrderId', message: 'is no purchase order of this shop' }],
};

const idUsedTwice: EventFault = {
  reason: 'id-used-twice',
  message: 'Another number of pieces is booked under the id of this delivery.',
  problems: [{ field: 'deliveryId', message: 'is that of a delivery that is booked with another quantity' }],
};

async function sendAway(message: Delivery, fault: EventFault, options: DeliveriesOptions): Promise<void> {
  const { broker, deadLetters, log } = options;
  const { stream, consumer } = supplierDeliveries;
  const { subject, headers, data: body, streamSequence } = message;
  const info = await broker.streamInfo(stream);
  if (!info) throw new Error(`There is no stream ${stream}.`);
  const ownCase = headers[eventHeaders.caseId];
  const caseId = ownCase ?? caseIdOf({ consumer, streamCreated: info.created, streamSequence });
  const letter = { caseId, consumer, subject, headers, body, streamSequence, ...fault, customerId: null };
  await deadLetters.send(letter, ownCase !== undefined);
  log.error({ caseId, streamSequence, reason: fault.reason }, 'A delivery cannot be used; it is a dead letter');
}
