import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import { orderWorkflowId, placeUpdateId } from '../contracts/ids.ts';
import { classify, type InitiatingEvent } from '../contracts/initiating-events.ts';
import {
  orderMediator,
  orderStart,
  type OrderOutcome,
  type Placed,
  type StartOrder,
} from '../contracts/order-mediator.ts';
import type { OrderPolicy } from '../contracts/order-policy.ts';
import type { PlaceOrder } from '../contracts/place-order.ts';
import { bodyHash } from '../contracts/schemas/body-hash.ts';
import { endedMeanwhile, placingTrouble } from './placing-trouble.ts';
import { notReadyYet } from './service-trouble.ts';

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
 * the same order for ever, running or finished. Throws `Trouble` when the order is refused, or when there is no answer in time.
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

function ask({ client, event, policy }: Placing, deadline: number): Promise<Placed> {
  const route = classify('place-order');
  const start: StartOrder = { event, bodyHash: bodyHash(event), mediatorClass: route.mediatorClass, policy };
  const startWorkflowOperation = operationOf(start, route);
  return client.withDeadline(deadline, () =>
    client.workflow.executeUpdateWithStart<OrderMediator, Placed, [string]>(orderMediator.placeUpdate, {
      updateId: placeUpdateId(start.bodyHash),
      args: [start.bodyHash],
      startWorkflowOperation,
    }),
  );
}

type OrderMediator = (start: StartOrder) => Promise<OrderOutcome>;

/** One flow per request id: a running one is joined, a finished one is never started again, a refused one may be. */
const operationOf = (start: StartOrder, route: InitiatingEvent) =>
  new WithStartWorkflowOperation<OrderMediator>(route.workflowType, {
    ...orderStart(start),
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    taskQueue: route.channel,
  });
