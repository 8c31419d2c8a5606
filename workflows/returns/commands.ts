import { commandRequestId } from '../../contracts/ids.ts';
import { formatMoney, type Money } from '../../contracts/money.ts';
import type { MailedReturn, ReturnMailKind } from '../../contracts/notification.ts';
import type { ReturnOpened } from '../../contracts/order-placement.ts';
import type { OrderLine } from '../../contracts/place-order.ts';
import { callUntilDone, type AcknowledgementOf, type Call } from '../kit/call.ts';
import type { Refusal } from '../../contracts/failures.ts';
import { tellReady } from '../kit/stock.ts';
import type { ReturnFile } from './return-file.ts';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { StepNumber } from '../../contracts/mediators/steps.ts';
import type { ReturnOutcomeName } from '../../contracts/mediators/return-requested.ts';

/** Whether the return may be; a refusal is the customer's to hear, a fault is asked again. */
export async function openReturn(file: ReturnFile, isCompleted: boolean): Promise<ReturnOpened | Refusal> {
  const { customerId, lines, requestId: returnId } = file.start.event;
  const command = { ...about(file, 'open-return'), returnId, customerId, lines, isCompleted };
  return untilAnswered(file, 1, { name: 'open-return', command, summary: 'may it go back' });
}

/** Writes down what was accepted; the rest may be asked for again. Says whether the whole order has gone back. */
export async function closeReturn(
  file: ReturnFile,
  outcome: ReturnOutcomeName,
  accepted: readonly OrderLine[],
): Promise<boolean> {
  const { requestId: returnId } = file.start.event;
  const command = { ...about(file, 'close-return'), returnId, outcome, accepted };
  return (await untilDone(file, { name: 'close-return', command, summary: outcome })).wholeOrder;
}

/** Gives the money back, and says how much went. */
export async function refundReturn(file: ReturnFile, amount: Money): Promise<Money | null> {
  const command = { ...about(file, 'refund-return'), amount };
  return (await untilDone(file, { name: 'refund-return', command, summary: formatMoney(amount) })).refunded;
}

/** Puts on the shelf what can be sold again, and tells the orders that waited for it. */
export async function restockReturn(file: ReturnFile, lines: readonly OrderLine[]): Promise<void> {
  if (lines.length === 0) return;
  const command = { ...about(file, 'restock-return'), lines };
  const summary = lines.map(({ isbn, quantity }) => `${quantity} of ${isbn}`).join(', ');
  await tellReady((await untilDone(file, { name: 'restock-return', command, summary })).ready);
}

/** Sends a mail beside the return. One that cannot be sent for as long as the policy retries is left out, and shows. */
export function mailCustomer(
  file: ReturnFile,
  kind: ReturnMailKind,
  news: Partial<MailedReturn>,
  which: string = kind,
): void {
  const { opened, start, progress } = file;
  if (!opened) return;
  const { requestId: returnId, customerId, orderId } = start.event;
  const requestId = commandRequestId(orderId, 'email-customer', 1, `${which}-${returnId}`);
  const told = { returnId, lines: opened.lines, ...news };
  const command = { orderId, requestId, kind, customerId, to: opened.customer, about: told };
  file.background.start(async () => {
    const asked = { name: 'email-customer', command, summary: `mail: ${kind}` } as const;
    const answer = await file.ask(stepOf[progress.state] ?? 5, asked);
    if ('failure' in answer) file.note(`The mail ${kind} could not be sent: ${answer.failure.message}`);
  });
}

const stepOf: { readonly [State: string]: StepNumber } = {
  received: 1,
  'awaiting-approval': 2,
  'awaiting-parcel': 3,
  'awaiting-inspection': 4,
};

const about = ({ start }: ReturnFile, name: CommandName) => {
  const { orderId, requestId } = start.event;
  return { orderId, requestId: commandRequestId(orderId, name, 1, requestId) };
};

/** Nothing of a return is ever undone: a processor that fails past the retry time shows, and is asked again, less and less often. */
async function untilAnswered<Name extends CommandName>(
  file: ReturnFile,
  step: StepNumber,
  call: Call<Name>,
): Promise<AcknowledgementOf<Name> | Refusal> {
  const answer = await callUntilDone<Name, Refusal>(
    () => file.ask(step, call),
    async (failure) => {
      if (failure.kind === 'refusal') return { instead: failure };
      await file.troubles.show(call.name, failure.message);
      return 'later';
    },
  );
  await file.troubles.over(call.name);
  return answer;
}

async function untilDone<Name extends CommandName>(
  file: ReturnFile,
  call: Call<Name>,
): Promise<AcknowledgementOf<Name>> {
  const answer = await untilAnswered(file, 5, call);
  if (!('kind' in answer)) return answer;
  throw new Error(`A command that nobody refuses was refused: ${answer.message}`);
}
