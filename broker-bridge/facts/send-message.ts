import { ActivityExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { commandRoutes } from '../../contracts/command-routes.ts';
import { listenerRequestId } from '../../contracts/ids.ts';
import { encodeEvent } from '../intake/encode-event.ts';
import type { Broker } from '../nats/broker.ts';
import { ensureCustomerEventStream } from '../nats/our-streams.ts';
import { answeredInTime } from '../waiting.ts';
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
 * a signal to open orders, as `signalOrders` says; and a command to its channel, as an activity of its own, which its
 * processor knows by the request id. Nobody waits for the answer to a command: it is in Temporal, and what it brought
 * about is told by a fact.
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
    const { activity, channel, startToClose } = commandRoutes[message.name];
    const requestId = listenerRequestId(listener, id, message.name);
    const temporal = await client();
    const options = {
      id: requestId,
      taskQueue: channel,
      args: [{ requestId, ...message.command }],
      startToCloseTimeout: startToClose,
      retry,
      summary: `${message.name}, for the listener ${listener}`,
      idReusePolicy: 'REJECT_DUPLICATE',
      idConflictPolicy: 'USE_EXISTING',
    } as const;
    await answeredInTime(temporal, () => temporal.activity.start(activity, options)).catch((error: unknown) => {
      if (!(error instanceof ActivityExecutionAlreadyStartedError)) throw error;
    });
  };
