import {
  defineQuery,
  setHandler,
  setWorkflowOptions,
  workflowInfo,
  type ApplicationFailure,
} from '@temporalio/workflow';
import type { Money } from '../../contracts/money.ts';
import {
  returnsMediator as names,
  type ReturnOutcome,
  type ReturnProgress,
  type StartReturn,
} from '../../contracts/mediators/returns-mediator.ts';
import { autoUpgrade, toTheEnd } from '../kit/to-the-end.ts';
import { takeReturnActions } from './actions.ts';
import { admit } from './admission.ts';
import { acceptedLines, refundOf, sellableLines } from './amount.ts';
import { closeReturn, mailCustomer, refundReturn, restockReturn } from './commands.ts';
import { isBehind, openReturnFile, type ReturnFile } from './return-file.ts';
import { deadlineOf, untilActed, type WaitingState } from './waits.ts';
import type { ReturnState, ReturnOutcomeName } from '../../contracts/mediators/return-requested.ts';

/**
 * The mediator of one return: somebody approves it, the parcel comes, somebody looks at what came back, and that is refunded and put on the shelf. Nothing
 * of it is ever undone. Ends Completed with the outcome, or Failed when the request was refused before anything was stored. One that was terminated goes on
 * from its row: what was decided is not asked again, and deadlines stay.
 */
export function returnsMediator(start: StartReturn): Promise<ReturnOutcome> {
  return toTheEnd((cancelRequested) => {
    const file = openReturnFile(start);
    setHandler(defineQuery<ReturnProgress>(names.progressQuery), () => file.progress);
    takeReturnActions(file, cancelRequested);
    return mediate(file);
  });
}

/** It may wait for months. */
setWorkflowOptions(autoUpgrade, returnsMediator);

async function mediate(file: ReturnFile): Promise<ReturnOutcome | ApplicationFailure> {
  const admission = await admit(file); // step 1: open-return
  if (admission !== 'admitted') return admission;
  if (file.recoveredAt === undefined) await enter(file, 'awaiting-approval');
  if (!isBehind(file, 'awaiting-approval')) await untilActed(file, 'awaiting-approval');
  if (isIn(file, 'awaiting-approval')) return decline(file, nobodyApproved);
  if (isIn(file, 'declined')) return decline(file, file.declinedBecause ?? nobodyApproved);
  if (!isBehind(file, 'awaiting-parcel')) await untilParcel(file);
  if (isIn(file, 'awaiting-parcel') || isIn(file, 'lapsed')) return lapse(file);
  if (!isBehind(file, 'awaiting-inspection')) await untilActed(file, 'awaiting-inspection');
  return refund(file);
}

const nobodyApproved = 'Nobody approved it in time.';

/** A mail that an earlier workflow has sent is not sent again: its id is the same. */
async function untilParcel(file: ReturnFile): Promise<void> {
  mailCustomer(file, 'return-approved', untilWhen(file));
  await untilActed(file, 'awaiting-parcel');
}

/** Goes on to where it waits for a person. */
async function enter(file: ReturnFile, state: WaitingState): Promise<void> {
  file.change({ state, deadline: deadlineOf(file, state) });
  await file.record();
}

const isIn = ({ progress }: ReturnFile, state: ReturnState): boolean => progress.state === state;

const untilWhen = ({ progress: { deadline } }: ReturnFile) => (deadline === null ? {} : { deadline });

async function decline(file: ReturnFile, reason: string): Promise<ReturnOutcome> {
  await endAs(file, 'declined');
  mailCustomer(file, 'return-declined', { reason });
  return finish(file, 'declined', null);
}

async function lapse(file: ReturnFile): Promise<ReturnOutcome> {
  await endAs(file, 'lapsed');
  mailCustomer(file, 'return-lapsed', {});
  return finish(file, 'lapsed', null);
}

/** What was set aside for the return may be asked for again. */
async function endAs(file: ReturnFile, outcome: 'declined' | 'lapsed'): Promise<void> {
  file.change({ state: outcome });
  await file.record();
  await closeReturn(file, outcome, []);
}

async function refund(file: ReturnFile): Promise<ReturnOutcome> {
  const { opened, progress } = file;
  if (!opened || !progress.inspected) throw new Error('A return is opened and inspected before it is refunded.');
  const accepted = acceptedLines(progress.inspected);
  const wholeOrder = await closeReturn(file, 'completed', accepted);
  const amount = refundOf(opened, accepted, wholeOrder);
  file.change({ amount });
  await file.record();
  const [refunded] = await Promise.all([
    amount ? refundReturn(file, amount) : null,
    restockReturn(file, sellableLines(progress.inspected)),
  ]);
  const lines = opened.lines.flatMap((line) => {
    const quantity = accepted.find(({ isbn }) => isbn === line.isbn)?.quantity;
    return quantity === undefined ? [] : [{ ...line, quantity }];
  });
  mailCustomer(file, 'return-refunded', { lines, ...(refunded ? { refunded } : {}) });
  return finish(file, 'completed', refunded);
}

/** The last writes: the return has ended, and so has the event that started it. */
async function finish(file: ReturnFile, outcome: ReturnOutcomeName, refunded: Money | null): Promise<ReturnOutcome> {
  await file.background.finished();
  file.change({ state: outcome, amount: refunded, trouble: null });
  const { requestId } = file.progress;
  await file.records.finishReturn({ requestId, outcome, refunded });
  await file.records.completeEvent({ workflowId: workflowInfo().workflowId, outcome });
  return { requestId, outcome, refunded };
}
