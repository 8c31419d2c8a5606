import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import type { OrderOutcome } from '../contracts/order-mediator.ts';
import { printJson, type Context } from './context.ts';
import type { PlacedOrder } from './place.ts';
import { paintedState } from './order-lines.ts';
import { Trouble } from './trouble.ts';

interface Waiting {
  readonly client: Client;
  readonly placed: PlacedOrder;
  readonly json: boolean | undefined;
  readonly context: Context;
}

/** Waits until the order has ended and prints how. Throws `Trouble` when it was cancelled. */
export async function waitForEnd({ client, placed, json, context }: Waiting): Promise<void> {
  const { outcome, reason } = await resultOf(client, placed);
  if (json) printJson(context, { ...placed, state: outcome, reason });
  else context.print(`state     ${paintedState(outcome, context.style)}`);
  if (outcome === 'cancelled') throw new Trouble('cancelled', `Order ${placed.orderId} was cancelled: ${reason}`);
}

async function resultOf(client: Client, { workflowId, orderId }: PlacedOrder): Promise<OrderOutcome> {
  try {
    return await client.workflow.getHandle(workflowId).result();
  } catch (error) {
    if (!(error instanceof ServiceError) && !isGrpcServiceError(error)) throw error;
    const known = `Order ${orderId} was accepted and goes on, but Temporal does not answer any more`;
    const message = `${known}: see that everything runs ("npm start"), then "npm run client -- watch ${orderId}".`;
    throw new Trouble('unreachable', message, { cause: error });
  }
}
