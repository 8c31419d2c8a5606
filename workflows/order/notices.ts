import type { RefusalDetails } from '../../contracts/failures.ts';
import type { HoldReason } from '../../contracts/mediators/holds.ts';
import { commandRequestId } from '../../contracts/ids.ts';
import type { OpenHold } from '../../contracts/mediators/order-records.ts';
import type { Failure } from '../kit/call.ts';
import type { ApprovalWanted } from './hold.ts';
import { startReplenishments, tellReady } from '../kit/stock.ts';
import { retryForOf } from './retry-for.ts';
import { mailCommand } from './mail.ts';
import type { Order } from './order.ts';
import type { CommandName } from '../../contracts/command-routes.ts';

/** A hold, and what led to it. */
interface ToldHold {
  readonly hold: OpenHold;
  readonly reason: Exclude<HoldReason, 'compensation'>;
  readonly trouble: Failure | ApprovalWanted;
}

/**
 * Tells the customer that the order waits, or reminds of it. The order does not wait for this mail: one that cannot be sent within the
 * mails' retry time shows as failed among the steps. Nobody is told before step 1, which knows the customer's address.
 */
export async function tellOfHold(order: Order, told: ToldHold, kind: 'held' | 'reminder', number = 0): Promise<void> {
  if (!order.answers.created) return;
  const { hold, reason } = told;
  const { command, message, deadline } = hold;
  const about = { hold: { reason, message, deadline: deadline ?? hold.since } };
  const which = `${kind === 'held' ? kind : `${kind}-${number}`}-${reason}-${command}`;
  const requestId = commandRequestId(order.progress.orderId(), 'email-customer', roundOf(hold), which);
  await order.progress.ask({
    name: 'email-customer',
    command: mailCommand(order, kind, requestId, about),
    summary: `mail: ${kind}, ${reason}`,
    retryFor: retryForOf(order, 'email-customer'),
  });
}

/** The round of the held command: a mail about a hold is sent once per round and reason. Step 1 has no rounds. */
const roundOf = ({ holdId }: OpenHold): number => Number(/\/(\d+)@/.exec(holdId)?.[1] ?? 1);

/** Tells whom the refusal made ready, and has the warehouse order what this order is short of: nothing else would, when no other order takes from those titles. */
export async function orderWhatIsMissing(order: Order, { hold, trouble }: ToldHold, number: number): Promise<void> {
  if (trouble.kind !== 'refusal' || trouble.type !== 'OutOfStock') return;
  const [details] = trouble.details as readonly [RefusalDetails['OutOfStock']?];
  await tellReady(details?.ready);
  const missing = (details?.short ?? []).map(({ isbn, wanted, onHand }) => ({ isbn, quantity: wanted - onHand }));
  const orderId = order.progress.orderId();
  const name: CommandName = 'order-stock';
  const answer = await order.progress.ask({
    name,
    command: {
      orderId,
      requestId: commandRequestId(orderId, name, number, `missing-${roundOf(hold)}`),
      levels: [],
      missing,
    },
    summary: 're-order what is missing',
    retryFor: retryForOf(order, name),
  });
  if ('acknowledgement' in answer) await startReplenishments(answer.acknowledgement.purchaseOrders);
}
