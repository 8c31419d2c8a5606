import { defineQuery, setHandler } from '@temporalio/workflow';
import type { InventoryUpdated } from '../../contracts/inventory.ts';
import type { CarriedOn, MediatorLedger } from '../../contracts/mediators/order-records.ts';
import type { OrderFulfilled } from '../../contracts/order-fulfillment.ts';
import { orderMediator, type Progress, type StartOrder } from '../../contracts/mediators/order-mediator.ts';
import type { OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import type { OrderCreated } from '../../contracts/order-placement.ts';
import type { PaymentApplied, PaymentRefunded } from '../../contracts/payment.ts';
import type { OrderLine, PlaceOrder } from '../../contracts/place-order.ts';
import type { OrderShipped } from '../../contracts/shipping.ts';
import { openLedger } from './order-records.ts';
import { openBackground, type Background } from '../kit/background.ts';
import { openHolds, type Holds } from './holds.ts';
import { openOrderFile, type OrderFile } from './order-file.ts';
import { openPlaceReply, type PlaceReply } from './place-reply.ts';
import { openRoundBook, type RoundBook } from './rounds.ts';
import { openUndoList, type UndoList } from './compensation-list.ts';
import { openVerdict, type Verdict } from './cancellation.ts';

/** One order in the mediator's hands. */
export interface Order {
  readonly start: StartOrder;
  /** Undefined for an order of the first version, which holds nowhere. */
  policy: OrderPolicy | undefined;
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
  readonly file: OrderFile;
  readonly ledger: MediatorLedger;
  readonly rounds: RoundBook;
  /** What it waits for. */
  readonly holds: Holds;
  /** Whether it is to be undone. */
  readonly verdict: Verdict;
  /** What has to be taken back if it cannot go on. */
  readonly undos: UndoList;
  readonly background: Background;
  /** What whoever placed it is told. */
  readonly reply: PlaceReply;
  /** What processors answered that later commands need. */
  readonly answers: Partial<Answers>;
  /** What an earlier workflow of this order left behind. */
  carriedOn: CarriedOn | undefined;
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
  const file = openOrderFile(start.event);
  setHandler(progressQuery, () => file.progress);
  return {
    start,
    policy: start.policy,
    event: start.event,
    amendments: 0,
    approvedUpTo: 0,
    isBeingAmended: false,
    wasToldOfStock: false,
    file,
    ledger: openLedger(),
    rounds: openRoundBook(),
    holds: openHolds(file),
    verdict: openVerdict(),
    undos: openUndoList(),
    background: openBackground(),
    reply: openPlaceReply(start),
    answers: {},
    carriedOn: undefined,
  };
}

/** An answer that the steps before have brought. */
export function answerOf<Name extends keyof Answers>({ answers }: Order, name: Name): Answers[Name] {
  const answer = answers[name];
  if (!answer) throw new Error(`The answer "${name}" is needed before it was given: the steps are in the wrong order.`);
  return answer;
}
