import type { Hold } from '../contracts/mediators/holds.ts';
import { kindInRequestId } from '../contracts/ids.ts';
import type { OrderState, Progress } from '../contracts/mediators/order-mediator.ts';
import type { StepRecord } from '../contracts/mediators/steps.ts';

/** One change of an order, found in its mediator's progress. */
export type Change =
  | { readonly change: 'asked' | 'acknowledged' | 'refused' | 'failed'; readonly record: StepRecord }
  | { readonly change: 'held' | 'resumed'; readonly hold: Hold }
  | { readonly change: 'state'; readonly state: OrderState; readonly reason: string | null };

/** The part of an order's progress in which changes are found. */
export type Known = Pick<Progress, 'state' | 'reason' | 'holds' | 'steps'>;

/** The progress of an order before its first command. */
export const nothingYet: Known = { state: 'open', reason: null, holds: [], steps: [] };

/**
 * The changes between two states of an order, each change once: steps by their instants, then holds, then the state.
 * Equal states have none.
 */
export function changesBetween(before: Known, after: Known): readonly Change[] {
  // By position, because a command that failed is called again under the same request id, with a record of its own.
  const steps = after.steps.flatMap((record, index) =>
    changesOf(before.steps[index], record, after.steps.slice(index)),
  );
  const state: readonly Change[] =
    before.state === after.state ? [] : [{ change: 'state', state: after.state, reason: after.reason }];
  return [...inOrder(steps), ...holdsBetween(before, after), ...state];
}

/** A hold that ended because the order is compensated was not resumed. The change of state says so. */
function holdsBetween(before: Known, after: Known): readonly Change[] {
  const goesOn = after.state !== 'compensating' && after.state !== 'cancelled';
  const ended = before.holds.filter((hold) => goesOn && !after.holds.some((other) => isSameHold(hold, other)));
  const begun = after.holds.filter((hold) => !before.holds.some((other) => isSameHold(hold, other)));
  return [
    ...ended.map((hold) => ({ change: 'resumed', hold }) as const),
    ...begun.map((hold) => ({ change: 'held', hold }) as const),
  ];
}

const isSameHold = (one: Hold, other: Hold): boolean => one.command === other.command && one.since === other.since;

type StepChange = Extract<Change, { readonly record: StepRecord }>;

interface Timed {
  readonly at: string;
  readonly told: StepChange;
}

const inOrder = (changes: readonly Timed[]): readonly StepChange[] =>
  changes.toSorted((one, other) => (one.at === other.at ? 0 : one.at < other.at ? -1 : 1)).map(({ told }) => told);

/** `following` are the records from this one on. */
function changesOf(known: StepRecord | undefined, record: StepRecord, following: readonly StepRecord[]) {
  const before = known?.requestId === record.requestId ? known : undefined;
  const asked: Timed = { at: record.askedAt, told: { change: 'asked', record } };
  const answer: Timed = { at: answeredBy(record, following), told: { change: answerOfStep(record), record } };
  return [...(before ? [] : [asked]), ...(answered(record) && !(before && answered(before)) ? [answer] : [])];
}

/**
 * A refusal keeps no instant of its own. It came before its command was called again and before the next step; without
 * either it stands last.
 */
const answeredBy = (record: StepRecord, following: readonly StepRecord[]): string =>
  record.acknowledgedAt ??
  following.find((later) => later !== record && (later.step > record.step || isRepeat(later, record)))?.askedAt ??
  '~';

const isRepeat = (later: StepRecord, { command, requestId }: StepRecord): boolean =>
  later.command === command && kindInRequestId(later.requestId) === kindInRequestId(requestId);

const answered = ({ acknowledgedAt, refusal }: StepRecord): boolean => acknowledgedAt !== null || refusal !== null;

function answerOfStep({ refusal }: StepRecord): StepChange['change'] {
  if (refusal === null) return 'acknowledged';
  return refusal === 'Fault' ? 'failed' : 'refused';
}
