import { commandRequestId } from '../../contracts/ids.ts';
import { formatMoney, type Money } from '../../contracts/money.ts';
import type { MailedReturn, ReturnMailKind } from '../../contracts/notification.ts';
import type { PaymentRefunded } from '../../contracts/payment.ts';
import type { ReturnOpened } from '../../contracts/order-placement.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import type { Refusal } from '../../contracts/failures.ts';
import { tellReady } from '../kit/stock.ts';
import type { ReturnFlow } from './return-flow.ts';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { StepNumber } from '../../contracts/mediators/steps.ts';
import type { ReturnOutcomeName } from '../../contracts/mediators/returns.ts';

/** Asks if the titles may go back. A refusal is returned; a fault is called again. */
export async function openReturn(flow: ReturnFlow, isCompleted: boolean): Promise<ReturnOpened | Refusal> {
  const { customerId, lines, requestId: returnId } = flow.start.event;
  const command = { ...about(flow, 'open-return'), returnId, customerId, lines, isCompleted };
  return flow.untilAnswered(1, { name: 'open-return', command, summary: 'may it go back' });
}

/** Records the accepted titles; the rest may be returned again. True when the whole order has gone back. */
export async function closeReturn(
  flow: ReturnFlow,
  outcome: ReturnOutcomeName,
  accepted: readonly OrderLine[],
): Promise<boolean> {
  const { requestId: returnId } = flow.start.event;
  const command = { ...about(flow, 'close-return'), returnId, outcome, accepted };
  return (await flow.untilDone({ name: 'close-return', command, summary: outcome })).wholeOrder;
}

/** Gives the money back, and resolves with the amount that went back, and what had gone back already. */
export async function refundReturn(flow: ReturnFlow, amount: Money): Promise<PaymentRefunded> {
  const command = { ...about(flow, 'refund-return'), amount };
  const { refunded, already } = await flow.untilDone({ name: 'refund-return', command, summary: formatMoney(amount) });
  for (const went of already ?? [])
    flow.change({ type: 'noted', sentence: `${formatMoney(went.amount)} had gone back already, at ${went.at}.` });
  return { refunded, ...(already ? { already } : {}) };
}

/** Puts on the shelf the titles that can be sold again, and tells the orders that waited for them. */
export async function restockReturn(flow: ReturnFlow, lines: readonly OrderLine[]): Promise<void> {
  if (lines.length === 0) return;
  const command = { ...about(flow, 'restock-return'), lines };
  const summary = lines.map(({ isbn, quantity }) => `${quantity} of ${isbn}`).join(', ');
  await tellReady((await flow.untilDone({ name: 'restock-return', command, summary })).ready);
}

/**
 * Sends a mail in the background. A mail that fails for as long as the policy retries is left out, and leaves a note.
 */
export function mailCustomer(
  flow: ReturnFlow,
  kind: ReturnMailKind,
  news: Partial<MailedReturn>,
  which: string = kind,
): void {
  const { opened, progress } = flow.state;
  if (!opened) return;
  const { requestId: returnId, customerId, orderId } = flow.start.event;
  const requestId = commandRequestId(orderId, 'email-customer', 1, `${which}-${returnId}`);
  const told = { returnId, lines: opened.lines, ...news };
  const command = { orderId, requestId, kind, customerId, to: opened.customer, about: told };
  flow.background.start(async () => {
    const asked = { name: 'email-customer', command, summary: `mail: ${kind}` } as const;
    const answer = await flow.call(stepOf[progress.state] ?? 5, asked);
    if (!('failure' in answer)) return;
    flow.change({ type: 'noted', sentence: `The mail ${kind} could not be sent: ${answer.failure.message}` });
  });
}

const stepOf: { readonly [State: string]: StepNumber } = {
  received: 1,
  'awaiting-approval': 2,
  'awaiting-parcel': 3,
  'awaiting-inspection': 4,
};

const about = ({ start }: ReturnFlow, name: CommandName) => {
  const { orderId, requestId } = start.event;
  return { orderId, requestId: commandRequestId(orderId, name, 1, requestId) };
};

/** The deadline of the present wait, in the form that a mail names it. */
export const untilWhen = ({ state }: ReturnFlow): Pick<MailedReturn, 'deadline'> => {
  const { deadline } = state.progress;
  return deadline === null ? {} : { deadline };
};
