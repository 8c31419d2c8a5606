import {
  ActivityExecutionAlreadyStartedError,
  WorkflowExecutionAlreadyStartedError,
  type Client,
} from '@temporalio/client';
import { channels } from '../../contracts/channels.ts';
import { commandRoutes } from '../../contracts/command-routes.ts';
import { listenerRequestId } from '../../contracts/ids.ts';
import { replenishment, replenishmentStart } from '../../contracts/mediators/replenishment.ts';
import type { PurchaseOrder } from '../../contracts/warehouse.ts';
import { encodeEvent } from '../intake/encode-event.ts';
import type { Broker } from '../nats/broker.ts';
import { ensureCustomerEventStream } from '../nats/our-streams.ts';
import { answeredInTime } from '../waiting.ts';
import type { Outgoing } from './listener.ts';
import type { SendMessage } from './outgoing.ts';
import { publishPrice } from './prices.ts';
import { signalOrders, type OpenOrders } from './signal-orders.ts';

/**
 * A listener's messages go to this broker and this Temporal; it connects when there is a command or a signal to send.
 */
export interface SendingPorts {
  readonly listener: string;
  readonly broker: Pick<Broker, 'publish' | 'ensureStream' | 'held' | 'replaceLast'>;
  readonly client: () => Promise<Client>;
  readonly openOrders: OpenOrders;
}

/** Faults of a command are retried for ever, as a mediator does it; a refusal ends it. */
const retry = { initialInterval: '500 ms', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;

/**
 * Sends an initiating event to the customer-event queue, which knows a repeat by source and id; a price to the ticker;
 * a signal to open orders, as `signalOrders` says; starts the replenishment of a purchase order; and sends a command to
 * its channel, as an activity of its own, which its processor knows by the request id. Nobody waits for the answer to a
 * command: it is in Temporal, and what it brought about is told by a fact.
 */
export const createSendMessage =
  ({ listener, broker, client, openOrders }: SendingPorts): SendMessage =>
  async (message, id) => {
    if (message.to === 'prices') {
      await publishPrice(broker, message.fact);
      return;
    }
    if (message.to === 'customer-event-queue') {
      await ensureCustomerEventStream(broker);
      const event = { id, source: `listener/${listener}`, type: message.name, data: message.body };
      await broker.publish(encodeEvent(event));
      return;
    }
    if (message.to === 'order-mediator') return signalOrders(await client(), openOrders, message);
    if (message.to === 'replenishment') return startReplenishment(await client(), message.purchaseOrder);
    await startCommand(await client(), listenerRequestId(listener, id, message.name), message, listener);
  };

/** A purchase order has one replenishment for ever, however often it is started. */
async function startReplenishment(temporal: Client, purchaseOrder: PurchaseOrder): Promise<void> {
  const start = { ...replenishmentStart(purchaseOrder), taskQueue: channels.orderMediator };
  await answeredInTime(temporal, () => temporal.workflow.start(replenishment.workflowType, start)).catch(
    (error: unknown) => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    },
  );
}

async function startCommand(
  temporal: Client,
  requestId: string,
  { name, command }: Extract<Outgoing, { to: 'processor' }>,
  listener: string,
): Promise<void> {
  const { activity, channel, startToClose } = commandRoutes[name];
  const options = {
    id: requestId,
    taskQueue: channel,
    args: [{ requestId, ...command }],
    startToCloseTimeout: startToClose,
    retry,
    summary: `${name}, for the listener ${listener}`,
    idReusePolicy: 'REJECT_DUPLICATE',
    idConflictPolicy: 'USE_EXISTING',
  } as const;
  await answeredInTime(temporal, () => temporal.activity.start(activity, options)).catch((error: unknown) => {
    if (!(error instanceof ActivityExecutionAlreadyStartedError)) throw error;
  });
}
