import type { Hold } from '../contracts/holds.ts';
import type { OrderState, Progress, StepRecord } from '../contracts/order-mediator.ts';

/** One thing that happened to an order, as its mediator's progress tells it. */
export type Change =
  | { readonly change: 'asked' | 'acknowledged' | 'refused'; readonly record: StepRecord }
  | { readonly change: 'held' | 'resumed'; readonly hold: Hold }
  | { readonly change: 'state'; readonly state: OrderState; readonly reason: string | null };

/** What an order is known of: as much of its progress as changes are told from. */
export type Known = Pick<Progress, 'state' | 'reason' | 'holds' | 'steps'>;

/** Before anything was asked. */
export const nothingYet: Known = { state: 'open', reason: null, holds: [], steps: [] };

/** What happened between two looks at an order, each thing once: steps by their instants, then holds, then the state. Nothing between equal looks. */
export function changesBetween(before: Known, after: Known): readonly Change[] {
  const seen = new Map(before.steps.map((record) => [record.requestId, record]));
  const steps = after.steps.flatMap((record) => changesOf(seen.get(record.requestId), record));
  const state: readonly Change[] =
    before.state === after.state ? [] : [{ change: 'state', state: after.state, reason: after.reason }];
  return [...steps.toSorted(byInstant), ...holdsBetween(before, after), ...state];
}

/** A hold that ended because the order is undone was not resumed: the state tells. */
function holdsBetween(before: Known, after: Known): readonly Change[] {
  const goesOn = after.state !== 'undoing' && after.state !== 'cancelled';
  const ended = before.holds.filter((hold) => goesOn && !after.holds.some((other) => isSame(hold, other)));
  const begun = after.holds.filter((hold) => !before.holds.some((other) => isSame(hold, other)));
  return [
    ...ended.map((hold) => ({ change: 'resumed', hold }) as const),
    ...begun.map((hold) => ({ change: 'held', hold }) as const),
  ];
}

const isSame = (one: Hold, other: Hold): boolean => one.command === other.command && one.since === other.since;

type StepChange = Extract<Change, { readonly record: StepRecord }>;

const byInstant = (one: StepChange, other: StepChange): number => {
  const [first, second] = [instantOf(one), instantOf(other)];
  return first === second ? 0 : first < second ? -1 : 1;
};

/** A refusal keeps no instant of its own: it is told after the rest. */
const instantOf = ({ change, record }: StepChange): string =>
  change === 'asked' ? record.askedAt : (record.acknowledgedAt ?? '~');

function changesOf(before: StepRecord | undefined, record: StepRecord): readonly StepChange[] {
  const asked: readonly StepChange[] = before ? [] : [{ change: 'asked', record }];
  return answered(record) && !(before && answered(before)) ? [...asked, { change: answerOf(record), record }] : asked;
}

const answered = ({ acknowledgedAt, refusal }: StepRecord): boolean => acknowledgedAt !== null || refusal !== null;

const answerOf = ({ refusal }: StepRecord): 'acknowledged' | 'refused' =>
  refusal === null ? 'acknowledged' : 'refused';
