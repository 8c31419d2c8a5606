import type { Client } from '@temporalio/client';
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
  const { outcome, reason }: OrderOutcome = await client.workflow.getHandle(placed.workflowId).result();
  if (json) printJson(context, { ...placed, state: outcome, reason });
  else context.print(`state     ${paintedState(outcome, context.style)}`);
  if (outcome === 'cancelled') throw new Trouble('cancelled', `Order ${placed.orderId} was cancelled: ${reason}`);
}
