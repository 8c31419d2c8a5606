import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import type { OrderOutcome } from '../contracts/mediators/order-mediator.ts';
import { printJson, type Context } from './context.ts';
import type { PlacedOrder } from '../app/place.ts';
import { paintedState } from './print/order-lines.ts';
import { AppError } from '../app/app-error.ts';
import { followOrder } from '../app/progress.ts';

interface Waiting {
  readonly client: Client;
  readonly placed: PlacedOrder;
  readonly json: boolean | undefined;
  readonly context: Context;
}

/** Waits until the order has ended and prints how, saying meanwhile when it is held and what would help. Throws `AppError` when it was cancelled. */
export async function waitForEnd({ client, placed, json, context }: Waiting): Promise<void> {
  const ended = new AbortController();
  const telling = tellOfHolds({ client, placed, context, until: ended.signal });
  const { outcome, reason } = await resultOf(client, placed).finally(() => ended.abort());
  await telling;
  if (json) printJson(context, { ...placed, state: outcome, reason });
  else context.print(`state     ${paintedState(outcome, context.style)}`);
  if (outcome === 'cancelled') throw new AppError('cancelled', `Order ${placed.orderId} was cancelled: ${reason}`);
}

interface Telling extends Pick<Waiting, 'client' | 'placed' | 'context'> {
  readonly until: AbortSignal;
}

/** One line for each hold, as it comes. A mediator that is silent is asked again; the end of the order is waited for elsewhere. */
async function tellOfHolds({ client, placed, context, until }: Telling): Promise<void> {
  const told = new Set<string>();
  for await (const asked of followOrder({ client, workflowId: placed.workflowId, interrupted: until, everyMs: 500 })) {
    const holds = asked.answer === 'progress' ? asked.progress.holds : [];
    for (const { command, since, message, help } of holds.filter(({ since: at }) => !told.has(at))) {
      told.add(since);
      context.note(`Order ${placed.orderId} is held at ${command}: ${message} ${help}`);
    }
  }
}

async function resultOf(client: Client, { workflowId, orderId }: PlacedOrder): Promise<OrderOutcome> {
  try {
    return await client.workflow.getHandle(workflowId).result();
  } catch (error) {
    if (!(error instanceof ServiceError) && !isGrpcServiceError(error)) throw error;
    const known = `Order ${orderId} was accepted and goes on, but Temporal does not answer any more`;
    const message = `${known}: see that everything runs ("npm start"), then "npm run client -- watch ${orderId}".`;
    throw new AppError('unreachable', message, { cause: error });
  }
}
