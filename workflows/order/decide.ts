import type { RefusalDetails, Failure, Refusal } from '../../contracts/failures.ts';
import type { ReadyOrder } from '../../contracts/inventory.ts';
import type { Amend } from '../../contracts/mediators/order-actions.ts';
import type { OpenHold, RecordAction, ResumeOrder } from '../../contracts/mediators/order-records.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import type { OrderEvent, OrderEvents } from './events.ts';
import {
  approvalHold,
  compensationHold,
  holdAfter,
  recoveredApprovals,
  recoveredHoldsAt,
  shownCompensation,
  type Held,
} from './hold-rules.ts';
import { neededAnswer, waitingHolds, type Compensation, type Order } from './state.ts';

/** The content of a recorded action; the mediator adds which order it is about, its id and the rounds. */
export type ActionTakenOn = Omit<RecordAction, 'requestId' | 'orderId' | 'actionId' | 'rounds'>;

/** One thing that the mediator does because of an event. */
export type OrderCommand =
  /** Write the hold, tell the customer, and wait until it is resumed. */
  | ({ readonly do: 'wait'; readonly failure: Failure | null } & Held)
  /** Step 1 was refused: nothing is kept. */
  | { readonly do: 'refuse-request'; readonly refusal: Refusal }
  | { readonly do: 'write-hold'; readonly hold: OpenHold }
  | { readonly do: 'write-resumed'; readonly hold: OpenHold; readonly by: ResumeOrder['by'] }
  | { readonly do: 'write-amendment'; readonly amendment: Amend | null }
  /** `isCancel` when the decision to compensate is written with it. */
  | { readonly do: 'write-action'; readonly action: ActionTakenOn; readonly isCancel: boolean }
  | { readonly do: 'write-compensating'; readonly reason: string }
  /** Tell the customer of a hold, beside the order; reminder 0 is the first mail. */
  | { readonly do: 'mail-hold'; readonly hold: OpenHold; readonly reminder: number }
  /**
   * Have the warehouse order what this order is short of: when no other order takes from those titles, nothing else
   * would.
   */
  | {
      readonly do: 'order-missing';
      readonly hold: OpenHold;
      readonly number: number;
      readonly missing: readonly OrderLine[];
      readonly ready: readonly ReadyOrder[];
    }
  | { readonly do: 'compensate'; readonly command: Compensation }
  | { readonly do: 'mail-cancellation' };

/** The commands that follow from an event, in this order. Pure: it reads the order as it was before the event. */
export function decide(order: Order, event: OrderEvent): readonly OrderCommand[] {
  const decider = deciders[event.type] as ((order: Order, event: OrderEvent) => readonly OrderCommand[]) | undefined;
  return decider?.(order, event) ?? [];
}

/** Every other event only changes the order. */
const deciders: {
  readonly [Type in keyof OrderEvents]?: (order: Order, event: OrderEvents[Type]) => readonly OrderCommand[];
} = {
  'command-failed': (order, failed) => {
    const { command, failure } = failed;
    const held = holdAfter(order, failed);
    if (held) return [{ do: 'wait', ...held, failure }];
    return command === 'create-order' && failure.kind === 'refusal' ? [{ do: 'refuse-request', refusal: failure }] : [];
  },
  'command-over': (order, { requestId }) =>
    recoveredHoldsAt(order, requestId).map((hold) => ({ do: 'write-resumed', hold, by: 'retry' })),
  'approval-wanted': (order, { at }) => [{ do: 'wait', ...approvalHold(order, at), failure: null }],
  'approval-unneeded': (order) => {
    const by = order.approvedUpTo > 0 ? 'approve' : 'amend';
    return recoveredApprovals(order).map((hold) => ({ do: 'write-resumed', hold, by }));
  },
  'hold-written': (order, { hold, isRecovered, failure }) => [
    ...(isRecovered ? [] : mailOf(order, hold, 0)),
    ...missingOf(hold, 1, failure),
  ],
  'reminder-due': (order, { hold, number, failure }) => [
    ...mailOf(order, hold, number),
    ...missingOf(hold, number + 1, failure),
  ],
  'hold-over': ({ resumptions }, { hold }) => {
    const by = resumptions[hold.holdId]?.by;
    return by ? [{ do: 'write-resumed', hold, by }] : [];
  },
  approved: (order, { actor }) => [
    recordOf({ action: 'approve', actor, details: { total: neededAnswer(order, 'created').total } }),
  ],
  'card-given': ({ event }, { card, actor }) => [
    recordOf({ action: 'pay', actor, details: {}, event: { ...event, card } }),
  ],
  retried: (order, { actor }) => {
    const held = waitingHolds(order).filter(({ reason }) => reason !== 'approval');
    return [recordOf({ action: 'retry', actor, details: { commands: held.map(({ command }) => command) } })];
  },
  skipped: (_, { command, actor }) => [recordOf({ action: 'skip', actor, details: { command } })],
  'cancel-taken': cancel,
  'amendment-begun': (_, { amendment, isRecovered }) => (isRecovered ? [] : [{ do: 'write-amendment', amendment }]),
  amended: ({ amendments }, { amendment: { lines, shipTo, actor }, event }) => {
    const details = { ...(lines ? { lines } : {}), ...(shipTo ? { country: shipTo.country } : {}) };
    return [recordOf({ action: 'amend', actor: actor ?? null, details, event, amendments: amendments + 1 })];
  },
  'amendment-refused': () => [{ do: 'write-amendment', amendment: null }],
  'compensation-begun': ({ cancelled, compensations }) => [
    ...(cancelled && !cancelled.isRecorded ? [{ do: 'write-compensating', reason: cancelled.reason } as const] : []),
    ...compensations.toReversed().map((command) => ({ do: 'compensate', command }) as const),
    { do: 'mail-cancellation' },
  ],
  'compensation-failed': (order, failed) =>
    shownCompensation(order, failed.requestId)
      ? []
      : [{ do: 'write-hold', hold: compensationHold(order, failed).hold }],
  'compensation-done': (order, { requestId }) => {
    const hold = shownCompensation(order, requestId);
    return hold ? [{ do: 'write-resumed', hold, by: 'retry' }] : [];
  },
};

const recordOf = (action: ActionTakenOn): OrderCommand => ({ do: 'write-action', action, isCancel: false });

/**
 * Cancelled twice, or while it is compensated, is cancelled once: the first reason stands. Who asked is recorded each
 * time.
 */
function cancel(order: Order, { why, actor, reason }: OrderEvents['cancel-taken']): readonly OrderCommand[] {
  // The mediator store does not know the order yet; its compensation will tell it.
  if (order.orderId === null) return [];
  const isCancel = order.cancelled === null;
  const details = reason ? { reason } : {};
  const action = { action: 'cancel', actor, details, ...(isCancel ? { compensating: why } : {}) } as const;
  return [{ do: 'write-action', action, isCancel }];
}

/** The customer's address is known from step 1 on; before that there is no one to tell. */
const mailOf = ({ answers }: Order, hold: OpenHold, reminder: number): readonly OrderCommand[] =>
  answers.created ? [{ do: 'mail-hold', hold, reminder }] : [];

function missingOf(hold: OpenHold, number: number, failure: Failure | null): readonly OrderCommand[] {
  if (failure?.kind !== 'refusal' || failure.type !== 'OutOfStock') return [];
  const [details] = failure.details as readonly [RefusalDetails['OutOfStock']?];
  const missing = (details?.short ?? []).map(({ isbn, wanted, onHand }) => ({ isbn, quantity: wanted - onHand }));
  return [{ do: 'order-missing', hold, number, missing, ready: details?.ready ?? [] }];
}
