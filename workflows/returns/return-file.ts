import { log, setCurrentDetails } from '@temporalio/workflow';
import type { ReturnOpened } from '../../contracts/order-placement.ts';
import type { RecoveredReturn, NoteReturn } from '../../contracts/mediators/return-records.ts';
import { type ReturnProgress, type StartReturn } from '../../contracts/mediators/returns-mediator.ts';
import type { Answer, Call } from '../kit/call.ts';
import { Background } from '../kit/background.ts';
import { StepLog } from '../kit/steps.ts';
import { currentDetails } from './current-details.ts';
import { openReturnRecords, type ReturnRecords } from './return-records.ts';
import { openTroubles, type Troubles } from './troubles.ts';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { StepNumber } from '../../contracts/mediators/steps.ts';
import { returnStates, type ReturnState } from '../../contracts/mediators/return-requested.ts';
import type { ReturnPolicy } from '../../contracts/mediators/return-policy.ts';

/** One return: what it is, where it stands, and what is shown of it by query and current details. */
export interface ReturnFile {
  readonly start: StartReturn;
  readonly records: ReturnRecords;
  /** The mails, which the return does not wait for before its end. */
  readonly background: Background;
  readonly progress: ReturnProgress;
  /** What keeps failing. */
  readonly troubles: Troubles;
  /** What order placement said when it was opened; nothing waits for people before. */
  opened: ReturnOpened | undefined;
  /** Why it was declined, as one sentence; null until it is. */
  declinedBecause: string | null;
  /** The policy it was started with; of one that goes on, what its row has. */
  policy: ReturnPolicy;
  /** Where an earlier workflow of this return had come to; undefined when this is the first. */
  recoveredAt: ReturnState | undefined;
  /** Changes what is shown; a new state stands since now. */
  change(changes: Partial<ReturnProgress>): void;
  /** Shows a sentence for people. */
  note(sentence: string): void;
  /** Writes down where it stands now. */
  record(): Promise<void>;
  /** Asks a processor, for as long as the policy retries faults, and logs what came of it. */
  ask<Name extends CommandName>(step: StepNumber, call: Call<Name>): Promise<Answer<Name>>;
}

/** Opens the file of a return that was just requested. */
export function openReturnFile(start: StartReturn): ReturnFile {
  const show = () => setCurrentDetails(currentDetails(progress, start.event));
  const calls = new StepLog((steps) => file.change({ steps }));
  const records = openReturnRecords();
  let progress: ReturnProgress = { ...blank(start), steps: [] };
  const file: ReturnFile = {
    start,
    records,
    background: new Background(),
    troubles: openTroubles({ change: (trouble) => file.change({ trouble }), record: () => file.record() }),
    opened: undefined,
    declinedBecause: null,
    policy: start.policy,
    recoveredAt: undefined,
    get progress() {
      return progress;
    },
    change(changes) {
      const isNew = changes.state !== undefined && changes.state !== progress.state;
      progress = { ...progress, ...(isNew ? { since: now(), reminders: 0, deadline: null } : {}), ...changes };
      show();
      if (isNew) log.info(progress.state, { requestId: progress.requestId, orderId: progress.orderId });
    },
    note: (sentence) => file.change({ notes: [...progress.notes, sentence] }),
    record: () => records.noteReturn(standingOf(progress)),
    ask: (step, call) => calls.call(step, { ...call, retryFor: file.policy.retryFor }),
  };
  return file;
}

const blank = ({ event }: StartReturn): Omit<ReturnProgress, 'steps'> => ({
  requestId: event.requestId,
  orderId: event.orderId,
  customerId: event.customerId,
  state: 'received',
  since: now(),
  deadline: null,
  reminders: 0,
  amount: null,
  inspected: null,
  trouble: null,
  notes: [],
});

/** Takes up a return where an earlier workflow left it. What that had noted for people is gone; whether what failed fails still will show. */
export async function carryOn(file: ReturnFile, recovered: RecoveredReturn): Promise<void> {
  const { policy, declinedBecause, trouble, ...standing } = recovered;
  file.recoveredAt = standing.state;
  file.declinedBecause = declinedBecause;
  if (policy) file.policy = policy;
  file.change({ ...standing, trouble: null });
  if (trouble !== null) await file.record();
}

/** Whether an earlier workflow had the return beyond this state. */
export const isBehind = ({ recoveredAt }: ReturnFile, state: ReturnState): boolean =>
  recoveredAt !== undefined && returnStates.indexOf(recoveredAt) > returnStates.indexOf(state);

/** Where it stands, as the records take it. */
export const standingOf = (progress: ReturnProgress): NoteReturn => {
  const { requestId, state, since, deadline, reminders, trouble, inspected, amount } = progress;
  const found = { ...(inspected ? { inspected } : {}), ...(amount ? { amount } : {}) };
  return { requestId, state, since, deadline, reminders, trouble, ...found };
};

/** The workflow's own clock, which replays the same. */
const now = (): string => new Date().toISOString();
