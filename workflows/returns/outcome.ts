import { allHandlersFinished, condition, workflowInfo } from '@temporalio/workflow';
import type { ReturnOutcomeName } from '../../contracts/mediators/returns.ts';
import type { ReturnOutcome } from '../../contracts/mediators/returns-mediator.ts';
import type { Money } from '../../contracts/money.ts';
import { acceptedLines, refundOf, sellableLines } from './amount.ts';
import { completeEvent } from '../kit/queued-event.ts';
import { closeReturn, mailCustomer, refundReturn, restockReturn } from './commands.ts';
import type { ReturnFlow } from './return-flow.ts';

const notApproved = 'Nobody approved it in time.';

/** Step 5: brings the return to the end that its state leads to. */
export async function endReturn(flow: ReturnFlow): Promise<ReturnOutcome> {
  const { progress, declinedBecause } = flow.state;
  if (progress.state !== 'declined' && progress.state !== 'lapsed') return refund(flow);
  const outcome = progress.state;
  await flow.record();
  await closeReturn(flow, outcome, []); // the titles may be returned again
  if (outcome === 'lapsed') mailCustomer(flow, 'return-lapsed', {});
  else mailCustomer(flow, 'return-declined', { reason: declinedBecause ?? notApproved });
  return finish(flow, outcome, null);
}

async function refund(flow: ReturnFlow): Promise<ReturnOutcome> {
  const { opened, progress } = flow.state;
  if (!opened || !progress.inspected) throw new Error('A return is opened and inspected before it is refunded.');
  const accepted = acceptedLines(progress.inspected);
  const wholeOrder = await closeReturn(flow, 'completed', accepted);
  const amount = refundOf(opened, accepted, wholeOrder);
  flow.change({ type: 'priced', amount });
  await flow.record();
  const [{ refunded, already }] = await Promise.all([
    amount ? refundReturn(flow, amount) : { refunded: null, already: undefined },
    restockReturn(flow, sellableLines(progress.inspected)),
  ]);
  const lines = opened.lines.flatMap((line) => {
    const quantity = accepted.find(({ isbn }) => isbn === line.isbn)?.quantity;
    return quantity === undefined ? [] : [{ ...line, quantity }];
  });
  mailCustomer(flow, 'return-refunded', {
    lines,
    ...(refunded ? { refunded } : {}),
    ...(already ? { already } : {}),
  });
  return finish(flow, 'completed', refunded);
}

/** Makes the last writes: the return has ended, and so has the event that started it. */
async function finish(flow: ReturnFlow, outcome: ReturnOutcomeName, refunded: Money | null): Promise<ReturnOutcome> {
  await flow.background.finished();
  flow.change({ type: 'ended', outcome, refunded });
  await condition(allHandlersFinished); // the last records are written alone
  const { requestId } = flow.start.event;
  await flow.records.finishReturn({ requestId, outcome, refunded });
  await completeEvent(flow.records, { workflowId: workflowInfo().workflowId, outcome });
  return { requestId, outcome, refunded };
}
