import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import { loadReturnPolicy } from '../config/return-policy.ts';
import { orderWorkflowId, placeUpdateId } from '../contracts/ids.ts';
import { classify } from '../contracts/initiating-events.ts';
import {
  orderMediator,
  type OrderOutcome,
  type Placed,
  type StartOrder,
} from '../contracts/mediators/order-mediator.ts';
import type { OrderPolicy } from '../contracts/mediators/order-policy.ts';
import type { PlaceOrder } from '../contracts/place-order.ts';
import { endedMeanwhile, placingTrouble } from './placing-trouble.ts';
import { notReadyYet } from './service-trouble.ts';
import { bodyHash } from '../contracts/schemas/initiating-events.ts';

/** What is asked for: the order, how the mediator is to deal with what goes wrong, and how long to wait for the id. */
export interface Placing {
  readonly client: Client;
  readonly event: PlaceOrder;
  /** Not part of the request: whoever asks again under another policy gets the same order, with the policy it has. */
  readonly policy: OrderPolicy;
  readonly deadlineMs: number;
}

/** An order that was accepted: from here on it is kept. */
export interface PlacedOrder {
  readonly orderId: string;
  readonly requestId: string;
  readonly workflowId: string;
}

/**
 * Classifies the event, starts its mediator and waits until step 1 is acknowledged. Asking again with the same event gives
 * the same order for ever, running or finished. Throws `AppError` when the order is refused, or when there is no answer in time.
 */
export async function placeOrder(placing: Placing): Promise<PlacedOrder> {
  const deadline = Date.now() + placing.deadlineMs;
  const { requestId } = placing.event;
  try {
    const { orderId } = await askOrAskAgain(placing, deadline);
    return { orderId, requestId, workflowId: orderWorkflowId(requestId) };
  } catch (error) {
    throw await placingTrouble(error, placing);
  }
}

/**
 * Asking again is safe, and two answers call for it: the flow ended just while it was asked (once more finds it ended), and
 * the flow is not ready to be asked (until the deadline).
 */
async function askOrAskAgain(placing: Placing, deadline: number, mayHaveEnded = true): Promise<Placed> {
  try {
    return await ask(placing, deadline);
  } catch (error) {
    if (mayHaveEnded && endedMeanwhile(error)) return askOrAskAgain(placing, deadline, false);
    if (!notReadyYet(error) || Date.now() + aMoment > deadline) throw error;
    await new Promise((resolve) => setTimeout(resolve, aMoment));
    return askOrAskAgain(placing, deadline, mayHaveEnded);
  }
}

const aMoment = 250;

function ask(placing: Placing, deadline: number): Promise<Placed> {
  const { client, event } = placing;
  const hash = bodyHash(event);
  return client.withDeadline(deadline, () =>
    client.workflow.executeUpdateWithStart<OrderMediator, Placed, [string]>(orderMediator.placeUpdate, {
      updateId: placeUpdateId(hash),
      args: [hash],
      startWorkflowOperation: operationOf(placing, hash),
    }),
  );
}

type OrderMediator = (start: StartOrder) => Promise<OrderOutcome>;

/** The same decision as for queued events. One flow per request id: a running one is joined, a finished one is never started again, a refused one may be. */
function operationOf({ event, policy }: Placing, hash: string): WithStartWorkflowOperation<OrderMediator> {
  const { workflowType, channel, mediatorClass, start } = classify('place-order');
  const origin = { via: 'client', source: 'client', id: event.requestId } as const;
  const policies = { order: policy, return: loadReturnPolicy({}) }; // an order has no use for that of returns
  const { args, ...flow } = start(
    { name: 'place-order', body: event, bodyHash: hash, origin, policies },
    mediatorClass,
  );
  return new WithStartWorkflowOperation<OrderMediator>(workflowType, {
    ...flow,
    args: args as readonly [StartOrder],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    taskQueue: channel,
  });
}
