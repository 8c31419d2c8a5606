import {
  CancellationScope,
  condition,
  defineSignal,
  setHandler,
  workflowInfo,
  type ApplicationFailure,
} from '@temporalio/workflow';
import { commandRequestId } from '../../contracts/ids.ts';
import {
  actionKinds,
  type ActionRefused,
  type ActionTaken,
  type Amend,
  type Cancel,
  type OrderActionName,
  type OrderActions,
  type Pay,
} from '../../contracts/mediators/order-actions.ts';
import { orderMediator, type Suspicion } from '../../contracts/mediators/order-mediator.ts';
import { isUnderWay, possibleActions, whyNotPossible, whyNotTaken } from '../../contracts/mediators/order-rules.ts';
import { whyNoRoom, type ActionKind } from '../../contracts/mediators/room.ts';
import { callProcessor, failureOf } from '../kit/call.ts';
import { acceptActions, actionRefusal } from '../kit/updates.ts';
import { isSuspicion, whatIsWrong } from './action-input.ts';
import { amend } from './amend.ts';
import { perform } from './execute.ts';
import type { OpenOrder } from './order.ts';
import { orderIdOf, progressOf, roundOf, orderStanding, waitingHolds } from './state.ts';

/**
 * Takes what people do to the order: updates, checked before they are accepted, and Temporal's own cancel, which counts
 * as an operator's. A handler answers when the decision is recorded; what follows from it happens in the order's own
 * time.
 */
export function acceptOrderActions(order: OpenOrder, cancelRequested: Promise<never>): void {
  acceptActions<OrderActions, ActionTaken>({
    handlers: {
      approve: ({ actor }) => taken(order, perform(order, { type: 'approved', actor })),
      pay: (input) => taken(order, pay(order, input)),
      amend: (input) => taken(order, amendOrder(order, input)),
      retry: ({ actor }) => taken(order, perform(order, { type: 'retried', actor })),
      skip: ({ command, actor }) => taken(order, perform(order, { type: 'skipped', command, actor })),
      cancel: (input) => taken(order, cancel(order, input)),
    },
    whyNot: (name, input) => whatIsWrong(name, input) ?? whyNotTaken(orderStanding(order.state), name, input),
    kindOf: (name) => kindNow(order, name),
    isBusy: () => order.lane.isOpen,
    refuse: (why) => refusalOfAction(order, why),
  });
  setHandler(defineSignal(orderMediator.stockAllocatedSignal), () => stockAllocated(order));
  setHandler(defineSignal<[Suspicion]>(orderMediator.suspectedSignal), (suspicion) =>
    order.lane.whenLeft(() => suspected(order, suspicion)),
  );
  cancelRequested.catch(() => order.lane.whenLeft(() => order.background.start(() => cancelledInTemporal(order))));
}

async function taken(order: OpenOrder, recorded: Promise<void>): Promise<ActionTaken> {
  await recorded;
  const { state } = order;
  return { orderId: orderIdOf(state), state: progressOf(state).state, holds: waitingHolds(state) };
}

/** An order that is compensated already comes to its end without a cancel. */
const kindNow = (order: OpenOrder, name: OrderActionName): ActionKind =>
  name === 'cancel' && order.state.cancelled ? 'optional' : actionKinds[name];

function refusalOfAction(order: OpenOrder, why: string): ApplicationFailure {
  const { orderId, state } = progressOf(order.state);
  const possible = possibleActions(orderStanding(order.state), null).filter(
    (name) => whyNoRoom(kindNow(order, name), workflowInfo()) === undefined,
  );
  const details: ActionRefused = { orderId, state, possible };
  return actionRefusal(why, details, `Nothing can be done to it ${orderId === null ? 'yet' : 'any more'}.`);
}

/** The order may have moved on while a handler waited. */
function mustFit(order: OpenOrder, action: OrderActionName, actor: string | null): void {
  const why = whyNotPossible(orderStanding(order.state), action, actor);
  if (why !== undefined) throw refusalOfAction(order, why);
}

async function pay(order: OpenOrder, { card, actor }: Pay): Promise<void> {
  await mustBeKnown(order, card);
  mustFit(order, 'pay', actor);
  await perform(order, { type: 'card-given', card, actor });
}

/** Calls the gateway, a few times at most: the client that pays is waiting. */
async function mustBeKnown(order: OpenOrder, card: string): Promise<void> {
  const orderId = orderIdOf(order.state);
  const requestId = commandRequestId(orderId, 'check-card', roundOf(order.state, 'apply-payment'));
  const options = { summary: 'is the card known', retryFor: '8 seconds' } as const;
  try {
    await callProcessor('check-card', { orderId, requestId, card }, options);
  } catch (error) {
    const { kind, message } = failureOf(error);
    throw refusalOfAction(
      order,
      kind === 'refusal' ? message : 'The card could not be checked now; ask again in a moment.',
    );
  }
}

async function amendOrder(order: OpenOrder, amendment: Amend): Promise<void> {
  const why = await amend(order, amendment);
  if (why !== undefined) throw refusalOfAction(order, `The order was not amended: ${why}`);
}

/** While the parcel is being handed over, the carrier's answer decides over a customer's cancel. */
async function cancel(order: OpenOrder, { actor, reason }: Cancel): Promise<void> {
  const by = actor ?? null;
  if (by === null) await condition(() => !isUnderWay(order.state, 'ship-order'));
  mustFit(order, 'cancel', by);
  const because = reason ? `: ${reason.replace(/[.!]?$/, '.')}` : '.';
  const why = by === null ? 'The customer cancelled it.' : `The shop cancelled it${because}`;
  await perform(order, { type: 'cancel-taken', why, actor: by, reason: reason ?? null });
}

/** Temporal does not say who cancelled. An order that is only just being taken in is cancelled when it has its row. */
async function cancelledInTemporal(order: OpenOrder): Promise<void> {
  await condition(() => order.state.orderId !== null || order.state.isEnding);
  if (order.state.isEnding || order.state.cancelled) {
    const sentence = 'A cancel from Temporal came too late: the order was ending or being undone already.';
    order.apply({ type: 'noted', sentence });
    return;
  }
  await perform(order, { type: 'cancel-taken', why: 'The shop cancelled it.', actor: 'Temporal', reason: null });
}

/** Only moves the state: the order is held before its next step. A signal cannot be refused: bad content is dropped. */
function suspected(order: OpenOrder, suspicion: Suspicion): void {
  if (isSuspicion(suspicion)) order.apply({ type: 'suspected', ...suspicion });
}

/** In the midst of an amendment inventory must not be called: the amendment calls it. */
async function stockAllocated(order: OpenOrder): Promise<void> {
  const isHeard = (): boolean => order.state.orderId !== null && !order.state.isBeingAmended && !order.lane.isOpen;
  await CancellationScope.nonCancellable(async () => {
    while (!isHeard()) await condition(isHeard);
    order.apply({ type: 'stock-allocated' });
  });
}
