import { setTimeout as sleep } from 'node:timers/promises';
import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, type ApplicationFailure } from '@temporalio/common';
import { loadReturnPolicy } from '../config/return-policy.ts';
import { refusalTypes } from '../contracts/failures.ts';
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
import { bodyHash } from '../contracts/schemas/initiating-events.ts';
import type { SqlRunner } from '../prisma/statement.ts';
import { AppError } from './app-error.ts';
import { askWorkflow, isGone } from './ask-workflow.ts';
import { compactMediator } from './mediator-presence.ts';
import { placedOrder } from './reads/compact.ts';

/** A request for an order, the policy for its holds and faults, and the deadline for its id. */
export interface Placing {
  readonly client: Client;
  readonly event: PlaceOrder;
  /** Not part of the request: a repeat with another policy gets the same order with the policy that it has. */
  readonly policy: OrderPolicy;
  readonly deadlineMs: number;
  /** The mediator store, where the id of an order in the compact lane is found first. */
  readonly database?: SqlRunner | undefined;
  /** The way by which it is placed, for the words of an error; the command line when left out. */
  readonly by?: keyof typeof advice;
}

/** The advice of an error, in the words of the way by which the order is placed. */
const advice = {
  'command-line': {
    sameId: (requestId: string) => `--request-id ${requestId}`,
    anotherId: 'choose another, or leave it out to get a new one',
  },
  message: { sameId: (requestId: string) => `requestId ${requestId}`, anotherId: 'choose another' },
} as const;

/** An order that was accepted, and is kept from here on. */
export interface PlacedOrder {
  readonly orderId: string;
  readonly requestId: string;
  readonly workflowId: string;
}

/**
 * Classifies the event, starts its mediator and waits until step 1 is acknowledged. Asking again with the same event
 * gives the same order for ever, running or finished. Throws an `AppError` when the order is refused, or when there is
 * no answer in time.
 */
export async function placeOrder(placing: Placing): Promise<PlacedOrder> {
  const { client, event, deadlineMs, by = 'command-line' } = placing;
  const { requestId } = event;
  const ask = (signal?: AbortSignal) =>
    askWorkflow({
      client,
      deadlineMs,
      signal,
      send: sendOnceMoreWhenGone(placing),
      outcome: 'the order was accepted',
      askAgain: `Ask again with the same content and ${advice[by].sameId(requestId)}: an accepted order is not placed twice.`,
      ...(placing.policy.lane === 'compact' ? { mediator: compactMediator } : {}),
      whenGone: (cause) => Promise.resolve(cause),
      whenRefused: (refusal, cause) => refusedOrder(placing, refusal, cause),
    });
  const { orderId } = await earliest(placing, ask).catch((error: unknown) => {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return endedOrder(placing, error);
    throw error;
  });
  return { orderId, requestId, workflowId: orderWorkflowId(requestId) };
}

/**
 * In the compact lane a mediator answers when its workflow task ends, which is often the end of the order. The order is
 * kept from the commit of step 1 on, and its id is in the store then.
 */
async function earliest(
  { policy, database, event }: Placing,
  ask: (signal?: AbortSignal) => Promise<Placed>,
): Promise<Placed> {
  if (policy.lane !== 'compact' || !database || (await isKnown(database, event))) return ask();
  const answered = new AbortController();
  const asked = ask(answered.signal); // it starts the workflow, also when the store answers first
  const stored = orderInStore(database, event, answered.signal).catch(() => asked); // without it the mediator answers
  return Promise.race([asked, stored]).finally(() => answered.abort());
}

const look = (event: PlaceOrder) => placedOrder(event.requestId, bodyHash(event));

/** True when the order is in the store before it is asked for: its workflow may have been lost, and is asked then. */
const isKnown = (on: SqlRunner, event: PlaceOrder): Promise<boolean> =>
  Promise.race([on.run(look(event)).then((rows) => rows.length > 0), sleep(firstLookMs, true)]).catch(() => true);

/** A store that does not answer for so long is not waited for. */
const firstLookMs = 500;

async function orderInStore(on: SqlRunner, event: PlaceOrder, signal: AbortSignal): Promise<Placed> {
  for (let pauseMs = 5; ; pauseMs *= 1.25) {
    await sleep(pauseMs, undefined, { signal });
    const [placed] = await on.run(look(event));
    if (placed) return placed;
  }
}

/** A mediator that ended while it was asked is asked once more, and then found ended. */
function sendOnceMoreWhenGone(placing: Placing): () => Promise<Placed> {
  let mayHaveEnded = true;
  return async () => {
    try {
      return await startAndAsk(placing);
    } catch (error) {
      if (!mayHaveEnded || !isGone(error)) throw error;
      mayHaveEnded = false;
      return startAndAsk(placing);
    }
  };
}

function startAndAsk(placing: Placing): Promise<Placed> {
  const hash = bodyHash(placing.event);
  return placing.client.workflow.executeUpdateWithStart<OrderMediator, Placed, [string]>(orderMediator.placeUpdate, {
    updateId: placeUpdateId(hash),
    args: [hash],
    startWorkflowOperation: operationOf(placing, hash),
  });
}

/** An order that has ended, and that this way has never asked for: it came by the queue. */
async function endedOrder(placing: Placing, cause: unknown): Promise<Placed> {
  const handle = placing.client.workflow.getHandle<OrderMediator>(orderWorkflowId(placing.event.requestId));
  const { memo } = await handle.describe();
  if (memo?.['bodyHash'] !== bodyHash(placing.event)) throw requestIdTaken(placing, cause);
  return handle.result();
}

/** The error for a refusal of step 1. Any other failure of a mediator is a bug. */
function refusedOrder(placing: Placing, { type, message }: ApplicationFailure, cause: unknown): AppError | undefined {
  const { requestId } = placing.event;
  const refusal = refusalTypes.find((known) => known === type);
  if (refusal === 'RequestIdTaken') return requestIdTaken(placing, cause);
  if (!refusal) return undefined;
  const told = `The order was refused: ${message} Nothing was stored. Correct it and ask again, or ask for the same under another request id than ${requestId}.`;
  return new AppError('refused', told, { cause, refusal });
}

const requestIdTaken = ({ event, by = 'command-line' }: Placing, cause: unknown): AppError =>
  new AppError(
    'request-id-taken',
    `Request id ${event.requestId} is already used by another order request; ${advice[by].anotherId}.`,
    { cause, refusal: 'RequestIdTaken' },
  );

type OrderMediator = (start: StartOrder) => Promise<OrderOutcome>;

/**
 * Decides as the intake does for queued events. A request id has one workflow: a running one is joined, a finished one
 * is never started again, and a refused one may be.
 */
function operationOf({ event, policy }: Placing, hash: string): WithStartWorkflowOperation<OrderMediator> {
  const { workflowType, channel, mediatorClass, start } = classify('place-order');
  const origin = { via: 'client', source: 'client', id: event.requestId } as const;
  const policies = { order: policy, return: loadReturnPolicy({}) }; // an order does not use the policy of returns
  const { args, ...flow } = start(
    { name: 'place-order', body: event, bodyHash: hash, origin, policies },
    mediatorClass,
  );
  return new WithStartWorkflowOperation<OrderMediator>(workflowType, {
    taskQueue: channel,
    ...flow,
    args,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
  });
}
