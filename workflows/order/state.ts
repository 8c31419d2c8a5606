import type { CommandName } from '../../contracts/command-routes.ts';
import type { InventoryUpdated } from '../../contracts/inventory.ts';
import type { OrderActionName } from '../../contracts/mediators/order-actions.ts';
import type { OrderOutcomeName, Progress, StartOrder } from '../../contracts/mediators/order-mediator.ts';
import type { OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import type { OpenHold, Rounds } from '../../contracts/mediators/order-records.ts';
import type { OrderStanding } from '../../contracts/mediators/order-rules.ts';
import type { StepNumber, StepRecord } from '../../contracts/mediators/steps.ts';
import type { OrderFulfilled } from '../../contracts/order-fulfillment.ts';
import type { OrderCreated } from '../../contracts/order-placement.ts';
import type { PaymentApplied, PaymentRefunded } from '../../contracts/payment.ts';
import type { OrderLine, PlaceOrder } from '../../contracts/place-order.ts';
import type { OrderShipped } from '../../contracts/shipping.ts';

/** A held command goes on in one of these ways; `by` is the cause. */
export interface Resumption {
  /**
   * `again`: called as it was (a refused one under its next round). `anew`: called under the next round, because its
   * content has changed. `skip`: left out. `done`: done already while it was held.
   */
  readonly how: 'again' | 'anew' | 'skip' | 'done';
  readonly by: OrderActionName | 'delivery' | 'deadline';
}

/** Answers of processors that later commands need. */
export interface Answers {
  /** With lines, shipping and total as amended. */
  readonly created?: OrderCreated;
  readonly paid?: PaymentApplied;
  readonly stock?: InventoryUpdated;
  /** The lines that `stock` is the answer to; absent when inventory may have taken others. */
  readonly stockFor?: readonly OrderLine[] | undefined;
  readonly packed?: OrderFulfilled;
  readonly shipment?: OrderShipped;
  readonly refund?: PaymentRefunded;
}

/** The compensations in the order of the steps they take back. */
export const compensations = [
  'cancel-order',
  'refund-payment',
  'release-inventory',
  'unpack-order',
  'recall-shipment',
] as const;

export type Compensation = (typeof compensations)[number];

/** All that the mediator knows of its order. It is never changed: `evolve` makes the next one. */
export interface Order {
  readonly requestId: string;
  readonly customerId: string;
  readonly orderId: string | null;
  readonly policy: OrderPolicy;
  /** The event as amended, with the card that was given last. */
  readonly event: PlaceOrder;
  readonly amendments: number;
  /** The total up to which it was approved, in minor units; 0 when it was not. */
  readonly approvedUpTo: number;
  /** Why the order is suspected and has to be approved before its next step; null when it need not. */
  readonly suspected: string | null;
  /** The ids of the suspicions that it was told of: each counts once. */
  readonly suspicions: readonly string[];
  /** While an amendment is under way, no command is called for the order. */
  readonly isBeingAmended: boolean;
  /** Inventory told that all is put aside before the order waited for it. */
  readonly isStockReady: boolean;
  /** The round each command is at: the last part of its request id. */
  readonly rounds: Rounds;
  /** At most one per command, oldest first. A hold stays here until its command goes on. */
  readonly holds: readonly OpenHold[];
  /** Of the holds that are resumed, by hold id. */
  readonly resumptions: Readonly<Record<string, Resumption>>;
  /** The holds of an earlier workflow of this order that this one has not met yet. */
  readonly recoveredHolds: readonly OpenHold[];
  /** Why the order is compensated, decided once; `isRecorded` when the mediator store has it. */
  readonly cancelled: { readonly reason: string; readonly isRecorded: boolean } | null;
  /** From the last record on nothing can be decided any more. */
  readonly isEnding: boolean;
  readonly ended: { readonly outcome: OrderOutcomeName; readonly reason: string | null } | null;
  /** Listed before their command is called, because a command that timed out may have happened. */
  readonly compensations: readonly Compensation[];
  readonly answers: Answers;
  readonly step: StepNumber;
  readonly steps: readonly StepRecord[];
  readonly notes: readonly string[];
}

/** An order that was just asked for. */
export const newOrder = ({ event, policy }: Pick<StartOrder, 'event' | 'policy'>): Order => ({
  requestId: event.requestId,
  customerId: event.customerId,
  orderId: null,
  policy,
  event,
  amendments: 0,
  approvedUpTo: 0,
  suspected: null,
  suspicions: [],
  isBeingAmended: false,
  isStockReady: false,
  rounds: {},
  holds: [],
  resumptions: {},
  recoveredHolds: [],
  cancelled: null,
  isEnding: false,
  ended: null,
  compensations: [],
  answers: {},
  step: 0,
  steps: [],
  notes: [],
});

/** An answer that the steps before have brought. */
export function neededAnswer<Name extends keyof Answers>(
  { answers }: Pick<Order, 'answers'>,
  name: Name,
): NonNullable<Answers[Name]> {
  const answer = answers[name];
  if (!answer) throw new Error(`The answer "${name}" is needed before it was given: the steps are in the wrong order.`);
  return answer;
}

/** The order's id; asking before it has one is a bug. */
export function orderIdOf({ orderId }: Pick<Order, 'orderId'>): string {
  if (orderId === null) throw new Error('The order has no id yet.');
  return orderId;
}

/** The round of a command, 1 until it is raised. */
export const roundOf = ({ rounds }: Pick<Order, 'rounds'>, command: CommandName): number => rounds[command] ?? 1;

/** The holds that wait: a resumed one does not any more. */
export const waitingHolds = ({ holds, resumptions }: Order): readonly OpenHold[] =>
  holds.filter(({ holdId }) => resumptions[holdId] === undefined);

/** The answer of the query, and what current details and search attributes show. */
export const progressOf = (order: Order): Progress => ({
  orderId: order.orderId,
  requestId: order.requestId,
  customerId: order.customerId,
  state: order.ended?.outcome ?? (order.cancelled ? 'compensating' : order.holds.length > 0 ? 'held' : 'open'),
  step: order.step,
  holdReason: order.holds[0]?.reason ?? null,
  holds: order.holds,
  total: order.answers.created?.total ?? null,
  steps: order.steps,
  reason: order.ended ? order.ended.reason : (order.cancelled?.reason ?? null),
  notes: order.notes,
});

/** As much as the rules of the possible actions need. */
export const orderStanding = (order: Order): OrderStanding => ({
  ...progressOf(order),
  holds: waitingHolds(order),
  isBeingAmended: order.isBeingAmended,
  isEnding: order.isEnding,
  shipment: order.answers.shipment,
});
