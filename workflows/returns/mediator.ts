import { defineQuery, setHandler, setWorkflowOptions, type ApplicationFailure } from '@temporalio/workflow';
import {
  returnsMediator as names,
  type ReturnOutcome,
  type ReturnProgress,
  type StartReturn,
} from '../../contracts/mediators/returns-mediator.ts';
import type { ReturnState } from '../../contracts/mediators/returns.ts';
import { waitWithReminders } from '../kit/reminders.ts';
import { autoUpgrade, toTheEnd } from '../kit/to-the-end.ts';
import { takeReturnActions } from './actions.ts';
import { mailCustomer, untilWhen } from './commands.ts';
import { endReturn } from './outcome.ts';
import { requestReturn } from './request.ts';
import { ReturnFlow } from './return-flow.ts';
import { waitOf } from './state.ts';

/**
 * The mediator of one return: a person approves it, the parcel comes, a person inspects it, the money is given back,
 * and the titles go on the shelf. No step is ever compensated. The workflow ends Completed with the outcome, or Failed
 * when the request was refused before anything was stored. A return whose workflow was lost is recovered from its row:
 * no decision is asked for again, and deadlines stay.
 */
export function returnsMediator(start: StartReturn): Promise<ReturnOutcome> {
  return toTheEnd((cancelRequested) => {
    const flow = new ReturnFlow(start);
    setHandler(defineQuery<ReturnProgress>(names.progressQuery), () => flow.state.progress);
    takeReturnActions(flow, cancelRequested);
    return mediate(flow);
  });
}

/** A return may wait for months. */
setWorkflowOptions(autoUpgrade, returnsMediator);

async function mediate(flow: ReturnFlow): Promise<ReturnOutcome | ApplicationFailure> {
  const request = await requestReturn(flow); // step 1: open-return
  if (request !== 'opened') return request;
  if (isIn(flow, 'received')) {
    flow.change({ type: 'submitted' });
    await flow.record();
  }
  if (isIn(flow, 'awaiting-approval')) await untilActed(flow); // step 2: approve or decline
  if (isIn(flow, 'awaiting-parcel')) {
    // A lost workflow may have sent this mail already. The id is the same then, so that it is not sent again.
    mailCustomer(flow, 'return-approved', untilWhen(flow));
    await untilActed(flow); // step 3: parcel-received
  }
  if (isIn(flow, 'awaiting-inspection')) await untilActed(flow); // step 4: inspect
  return endReturn(flow); // step 5: close-return, refund-return, restock-return
}

const isIn = ({ state }: ReturnFlow, name: ReturnState): boolean => state.progress.state === name;

/** Waits for a person's action, with reminders. At the deadline the return is declined, or it lapses. */
async function untilActed(flow: ReturnFlow): Promise<void> {
  const wait = waitOf(flow.state);
  if (!wait) return;
  const { state: began, since, deadline } = flow.state.progress;
  const isActed = await waitWithReminders({
    isOver: () => !isIn(flow, began),
    since,
    deadline,
    reminders: wait.reminders,
    missed: flow.state.isRecovered ? 'skip' : 'send',
    remind: (number) => remind(flow, wait.waitsFor, number),
  });
  if (!isActed) flow.change({ type: 'expired' });
}

/** Mails the customer, and records the number of reminders for the desk. */
function remind(flow: ReturnFlow, waitsFor: 'approval' | 'parcel' | 'inspection', number: number): void {
  flow.change({ type: 'reminded', number });
  mailCustomer(flow, 'return-reminder', { waitsFor, ...untilWhen(flow) }, `${waitsFor}-${number}`);
  flow.background.start(() => flow.record());
}
