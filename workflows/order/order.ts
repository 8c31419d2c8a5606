import { defineQuery, setHandler } from '@temporalio/workflow';
import type { InventoryUpdated } from '../../contracts/inventory.ts';
import type { OrderFulfilled } from '../../contracts/order-fulfillment.ts';
import { orderMediator, type Progress, type StartOrder } from '../../contracts/order-mediator.ts';
import type { OrderCreated } from '../../contracts/order-placement.ts';
import type { PaymentRefunded } from '../../contracts/payment.ts';
import type { OrderShipped } from '../../contracts/shipping.ts';
import { openOrderFile, type OrderFile } from './order-file.ts';
import { openPlaceReply, type PlaceReply } from './place-reply.ts';
import { openUndoList, type UndoList } from './undo-list.ts';

/** One order in the mediator's hands. */
export interface Order {
  readonly start: StartOrder;
  /** Where it stands, and what was asked of whom. */
  readonly file: OrderFile;
  /** What has to be taken back if it cannot go on. */
  readonly undos: UndoList;
  /** What whoever placed it is told. */
  readonly reply: PlaceReply;
  /** What processors answered that later commands need. */
  readonly answers: Partial<Answers>;
}

export interface Answers {
  created: OrderCreated;
  stock: InventoryUpdated;
  packed: OrderFulfilled;
  shipment: OrderShipped;
  refund: PaymentRefunded;
}

const progressQuery = defineQuery<Progress>(orderMediator.progressQuery);

/** Opens the order that a `place-order` asks for, ready to be watched and to answer. */
export function openOrder(start: StartOrder): Order {
  const file = openOrderFile(start.event);
  setHandler(progressQuery, () => file.progress);
  return { start, file, undos: openUndoList(), reply: openPlaceReply(start), answers: {} };
}

/** An answer that the steps before have brought. */
export function answerOf<Name extends keyof Answers>({ answers }: Order, name: Name): Answers[Name] {
  const answer = answers[name];
  if (!answer) throw new Error(`The answer "${name}" is needed before it was given: the steps are in the wrong order.`);
  return answer;
}
