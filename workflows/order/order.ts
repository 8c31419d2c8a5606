import { defineQuery, setHandler } from '@temporalio/workflow';
import type { InventoryUpdated } from '../../contracts/inventory.ts';
import type { RecoveredOrder } from '../../contracts/mediators/order-records.ts';
import type { OrderFulfilled } from '../../contracts/order-fulfillment.ts';
import { orderMediator, type Progress, type StartOrder } from '../../contracts/mediators/order-mediator.ts';
import type { OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import type { OrderCreated } from '../../contracts/order-placement.ts';
import type { PaymentApplied, PaymentRefunded } from '../../contracts/payment.ts';
import type { OrderLine, PlaceOrder } from '../../contracts/place-order.ts';
import type { OrderShipped } from '../../contracts/shipping.ts';
import { openOrderRecords } from './order-records.ts';
import { Background } from '../kit/background.ts';
import { openHolds, type Holds } from './holds.ts';
import { openOrderProgress, type OrderProgress } from './order-progress.ts';
import { openPlaceReply, type PlaceReply } from './place-reply.ts';
import { openRoundBook, type RoundBook } from './rounds.ts';
import { openCompensations, type CompensationList } from './compensation-list.ts';
import { openCancelDecision, type CancelDecision } from './cancellation.ts';

/** One order in the mediator's hands. */
export interface Order {
  readonly start: StartOrder;
  policy: OrderPolicy;
  /** What is ordered, as amended, and the card that was given last. */
  event: PlaceOrder;
  amendments: number;
  /** Up to which total somebody approved it, in minor units; 0 when nobody did. */
  approvedUpTo: number;
  /** True while an amendment is under way: nothing else may change the order then. */
  isBeingAmended: boolean;
  /** True when inventory told that all is put aside while the order did not wait for it yet. */
  wasToldOfStock: boolean;
  /** Where it stands, and what was asked of whom. */
  readonly progress: OrderProgress;
  readonly records: ReturnType<typeof openOrderRecords>;
  readonly rounds: RoundBook;
  /** What it waits for. */
  readonly holds: Holds;
  /** Whether it is to be undone. */
  readonly cancellation: CancelDecision;
  /** What has to be taken back if it cannot go on. */
  readonly compensations: CompensationList;
  readonly background: Background;
  /** What whoever placed it is told. */
  readonly reply: PlaceReply;
  /** What processors answered that later commands need. */
  readonly answers: Partial<Answers>;
  /** What an earlier workflow of this order left behind. */
  recovered: RecoveredOrder | undefined;
}

export interface Answers {
  /** With lines, shipping and total as amended. */
  created: OrderCreated;
  paid: PaymentApplied;
  stock: InventoryUpdated;
  /** The lines that `stock` is the answer to. */
  stockFor: readonly OrderLine[];
  packed: OrderFulfilled;
  shipment: OrderShipped;
  refund: PaymentRefunded;
}

const progressQuery = defineQuery<Progress>(orderMediator.progressQuery);

/** Opens the order that a `place-order` asks for, ready to be watched and to answer. */
export function openOrder(start: StartOrder): Order {
  const file = openOrderProgress(start.event);
  setHandler(progressQuery, () => file.progress);
  return {
    start,
    policy: start.policy,
    event: start.event,
    amendments: 0,
    approvedUpTo: 0,
    isBeingAmended: false,
    wasToldOfStock: false,
    progress: file,
    records: openOrderRecords(),
    rounds: openRoundBook(),
    holds: openHolds(file),
    cancellation: openCancelDecision(),
    compensations: openCompensations(),
    background: new Background(),
    reply: openPlaceReply(start),
    answers: {},
    recovered: undefined,
  };
}

/** An answer that the steps before have brought. */
export function answerOf<Name extends keyof Answers>({ answers }: Order, name: Name): Answers[Name] {
  const answer = answers[name];
  if (!answer) throw new Error(`The answer "${name}" is needed before it was given: the steps are in the wrong order.`);
  return answer;
}
