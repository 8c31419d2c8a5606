import { randomUUID } from 'node:crypto';
import { actOnOrder } from '../../app/act-on-order.ts';
import type { OrderActions } from '../../contracts/mediators/order-actions.ts';
import type { Side } from './sides.ts';
import { heard, lastMail, told } from './told.ts';

/** What one trouble did to the orders of one side. */
export interface Outcome {
  /** What was done in the end; milliseconds from the instant that the trouble's rule names. */
  readonly finished: string;
  readonly finishedMs: number | null;
  /** What stayed undone when the watch ended. */
  readonly hung: string;
  readonly noticedBy: string;
  /** Milliseconds from the trouble until then; null when nothing told it while it was watched. */
  readonly noticedMs: number | null;
}

/** One trouble, made on a side that works. */
export interface Trouble {
  readonly name: string;
  /** How finishing and noticing were determined. */
  readonly rule: string;
  run(side: Side): Promise<Outcome>;
}

/** With nothing of a mediator in the outbox so long, the watch ends. */
export const watchMs = 10_000;

/** An order gets so long to finish once nothing is in its way; a machine under load is slow. */
export const patienceMs = 90_000;

export const isMediated = ({ name }: Side): boolean => name !== 'broker';

export const mediatorNotices =
  'the mediator: a hold with a reason and a deadline, on the desk, and a mail to the customer';

export const nothing = 'nothing';

/** Does what a person does at a hold. */
export async function act<Name extends 'pay' | 'retry'>(
  { shop }: Side,
  orderId: string,
  name: Name,
  action: OrderActions[Name],
): Promise<void> {
  const sources = { database: shop.database, client: shop.client };
  await actOnOrder({ sources, orderId, name, action, updateId: randomUUID(), deadlineMs: 30_000 });
}

/** What was done of an order that goes no further, by what was told of it. */
export async function doneSoFar(side: Side, orderId: string): Promise<string> {
  const names = (await told(side, orderId)).map(({ name }) => name);
  const done = ['inventory-updated', 'payment-applied', 'email-sent confirmation', 'order-fulfilled', 'order-shipped'];
  const said = done.filter((name) => names.includes(name)).join(', ');
  return `the order, after ${said || 'nothing'}`;
}

/** Waits for the last mail. Milliseconds from the instant until it was sent; null when it did not come in time. */
export async function finishedAfter(
  side: Side,
  orderIds: readonly string[],
  since: number,
  within: number = patienceMs,
): Promise<number | null> {
  const mails = await Promise.all(orderIds.map((orderId) => heard(side, orderId, lastMail, within)));
  if (mails.some((mail) => mail === undefined)) return null;
  return Math.max(...mails.map((mail) => (mail?.at ?? since) - since));
}
