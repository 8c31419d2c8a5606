import { currentUpdateInfo, workflowInfo } from '@temporalio/workflow';
import { commandRequestId } from '../../contracts/ids.ts';
import type { HoldReason } from '../../contracts/mediators/holds.ts';
import type { OpenHold, RecordAction } from '../../contracts/mediators/order-records.ts';
import type { EmailCustomer, MailSubjectMatter, OrderMailKind } from '../../contracts/notification.ts';
import { startReplenishments, tellReady } from '../kit/stock.ts';
import type { OrderCommand } from './decide.ts';
import type { OpenOrder } from './order.ts';
import type { OrderEvent } from './events.ts';
import { neededAnswer, orderIdOf, type Order } from './state.ts';

/** Moves the order by an event, and does what has to be done because of it, one after the other. */
export async function perform(order: OpenOrder, event: OrderEvent): Promise<void> {
  for (const command of order.apply(event)) await execute(order, command);
}

/**
 * Does one thing. A mail about a hold and an order of what is missing go on in the background: the order does not wait
 * for them.
 */
export async function execute(order: OpenOrder, command: OrderCommand): Promise<void> {
  const { records, background, state } = order;
  const { rounds } = state;
  switch (command.do) {
    case 'write-hold':
      return records.holdOrder({ ...orderRef(state), hold: command.hold, rounds });
    case 'write-resumed':
      return records.resumeOrder({ ...orderRef(state), hold: command.hold, by: command.by, rounds });
    case 'write-amendment':
      return records.noteAmendment({ ...orderRef(state), amendment: command.amendment, rounds });
    case 'write-action':
      return writeAction(order, command);
    case 'write-compensating':
      return records.compensateOrder({ ...orderRef(state), reason: command.reason });
    case 'mail-hold':
      return background.start(() => mailHold(order, command));
    case 'order-missing':
      return background.start(() => orderMissing(order, command));
    default:
      throw new Error(`"${command.do}" is done where its event is applied.`);
  }
}

type CommandTo<Do extends OrderCommand['do']> = Extract<OrderCommand, { readonly do: Do }>;

/** The order that a record of the mediator store is about. */
export const orderRef = (order: Order): { readonly requestId: string; readonly orderId: string } => ({
  requestId: order.requestId,
  orderId: orderIdOf(order),
});

/**
 * Written under the id of the update. Temporal's cancel has none, and comes once; an amendment that is finished later
 * has none either.
 */
async function writeAction(order: OpenOrder, { action, isCancel }: CommandTo<'write-action'>): Promise<void> {
  const { rounds } = order.state;
  const actionId = currentUpdateInfo()?.id ?? idWithoutUpdate(action);
  const { first } = await order.records.recordAction({ ...orderRef(order.state), actionId, rounds, ...action });
  if (isCancel && first) order.apply({ type: 'cancel-recorded' });
}

const idWithoutUpdate = ({ action, amendments }: Pick<RecordAction, 'action' | 'amendments'>): string =>
  action === 'amend' ? `amend/${amendments}` : `${action}/${workflowInfo().runId}`;

/** A mail that cannot be sent within the mails' retry time shows as failed among the steps. */
async function mailHold(order: OpenOrder, { hold, reminder }: CommandTo<'mail-hold'>): Promise<void> {
  const { reason, command, message, deadline, since } = hold;
  const kind = reminder === 0 ? 'held' : 'reminder';
  const which = `${reminder === 0 ? kind : `${kind}-${reminder}`}-${reason}-${command}`;
  const requestId = commandRequestId(orderIdOf(order.state), 'email-customer', roundOfHold(hold), which);
  const about = {
    hold: { reason: reason as Exclude<HoldReason, 'compensation'>, message, deadline: deadline ?? since },
  };
  await order.call({
    name: 'email-customer',
    command: mailCommand(order.state, kind, requestId, about),
    summary: `mail: ${kind}, ${reason}`,
  });
}

async function orderMissing(
  order: OpenOrder,
  { hold, number, missing, ready }: CommandTo<'order-missing'>,
): Promise<void> {
  await tellReady(ready);
  const orderId = orderIdOf(order.state);
  const requestId = commandRequestId(orderId, 'order-stock', number, `missing-${roundOfHold(hold)}`);
  const command = { orderId, requestId, levels: [], missing };
  const answer = await order.call({ name: 'order-stock', command, summary: 're-order what is missing' });
  if ('acknowledgement' in answer) await startReplenishments(answer.acknowledgement.purchaseOrders);
}

/** The round of the held command: a mail about a hold is sent once per round and reason. Step 1 has no rounds. */
const roundOfHold = ({ holdId }: OpenHold): number => Number(/\/(\d+)@/.exec(holdId)?.[1] ?? 1);

/** The command to send a mail about the order; `news` is what it tells besides the order itself. */
export function mailCommand(
  order: Order,
  kind: OrderMailKind,
  requestId: string,
  news: Partial<MailSubjectMatter>,
): EmailCustomer {
  const { lines, shipping, total, customer: to } = neededAnswer(order, 'created');
  const about = { lines, shipping, total, ...news };
  return { orderId: orderIdOf(order), requestId, kind, customerId: order.customerId, to, about };
}
