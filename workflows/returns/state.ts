import { msToNumber } from '@temporalio/common/lib/time.js';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { Duration } from '../../contracts/duration.ts';
import type { NoteReturn, RecoveredReturn } from '../../contracts/mediators/return-records.ts';
import type { ReturnOutcomeName, ReturnState, ReturnPolicy } from '../../contracts/mediators/returns.ts';
import type {
  ReturnActionName,
  ReturnActions,
  ReturnProgress,
  StartReturn,
} from '../../contracts/mediators/returns-mediator.ts';
import type { StepRecord } from '../../contracts/mediators/steps.ts';
import type { Money } from '../../contracts/money.ts';
import type { ReturnOpened } from '../../contracts/order-placement.ts';

/** The state of one return. */
export interface ReturnAtWork {
  readonly progress: ReturnProgress;
  /** The policy it was started with; a recovered return keeps the one of its row. */
  readonly policy: ReturnPolicy;
  /** The answer of order placement to the request; undefined until then. */
  readonly opened: ReturnOpened | undefined;
  /** The reason of the person who declined it; null when it was not declined, or by its deadline. */
  readonly declinedBecause: string | null;
  /** True when an earlier workflow of this return was lost, and this one continues from its row. */
  readonly isRecovered: boolean;
  /** The latest message of each command that keeps failing. Two may be called at a time. */
  readonly failures: ReadonlyMap<CommandName, string>;
}

type Acted = {
  readonly [Name in ReturnActionName]: {
    readonly type: 'acted';
    readonly name: Name;
    readonly input: ReturnActions[Name];
  };
}[ReturnActionName];

export type ReturnEvent =
  | { readonly type: 'recovered'; readonly row: RecoveredReturn }
  | { readonly type: 'opened'; readonly opened: ReturnOpened }
  /** The return was opened, and waits for its approval. */
  | { readonly type: 'submitted' }
  | Acted
  | { readonly type: 'reminded'; readonly number: number }
  /** The deadline of the present wait has come. */
  | { readonly type: 'expired' }
  | { readonly type: 'priced'; readonly amount: Money | null }
  | { readonly type: 'ended'; readonly outcome: ReturnOutcomeName; readonly refunded: Money | null }
  | { readonly type: 'failed'; readonly command: CommandName; readonly message: string }
  | { readonly type: 'answered'; readonly command: CommandName }
  | { readonly type: 'called'; readonly steps: readonly StepRecord[] }
  /** A sentence for people. */
  | { readonly type: 'noted'; readonly sentence: string };

/** A return that was just requested. */
export const requested = ({ event, policy }: StartReturn, at: string): ReturnAtWork => ({
  progress: {
    requestId: event.requestId,
    orderId: event.orderId,
    customerId: event.customerId,
    state: 'received',
    since: at,
    deadline: null,
    reminders: 0,
    amount: null,
    inspected: null,
    steps: [],
    trouble: null,
    notes: [],
  },
  policy,
  opened: undefined,
  declinedBecause: null,
  isRecovered: false,
  failures: new Map(),
});

/** The states in which a return waits for people, by the part of the policy for each. */
const waits = {
  'awaiting-approval': 'approval',
  'awaiting-parcel': 'parcel',
  'awaiting-inspection': 'inspection',
} as const satisfies { readonly [State in ReturnState]?: keyof ReturnPolicy };

type WaitingState = keyof typeof waits;

const isWaiting = (state: ReturnState): state is WaitingState => state in waits;

/** The present wait of a return, with its reminders; undefined when it waits for no person. */
export function waitOf({ progress: { state }, policy }: ReturnAtWork) {
  return isWaiting(state) ? { waitsFor: waits[state], reminders: policy[waits[state]].reminders } : undefined;
}

/** The state after an event, at an instant (ISO 8601). */
export function evolve(state: ReturnAtWork, event: ReturnEvent, at: string): ReturnAtWork {
  const enter = (next: ReturnState, more: Partial<ReturnProgress> = {}): ReturnAtWork =>
    next === state.progress.state ? withProgress(state, more) : entered(state, next, at, more);
  switch (event.type) {
    case 'recovered':
      return recovered(state, event.row);
    case 'opened':
      return { ...state, opened: event.opened };
    case 'submitted':
      return enter('awaiting-approval');
    case 'acted':
      return acted(state, event, enter);
    case 'reminded':
      return withProgress(state, { reminders: event.number });
    case 'expired':
      return enter(state.progress.state === 'awaiting-approval' ? 'declined' : 'lapsed');
    case 'priced':
      return withProgress(state, { amount: event.amount });
    case 'ended':
      return enter(event.outcome, { amount: event.refunded, trouble: null });
    case 'failed':
      return withFailures(state, new Map([...state.failures, [event.command, event.message]]));
    case 'answered':
      return withFailures(state, new Map([...state.failures].filter(([command]) => command !== event.command)));
    case 'called':
      return withProgress(state, { steps: event.steps });
    case 'noted':
      return withProgress(state, { notes: [...state.progress.notes, event.sentence] });
    default:
      return event satisfies never;
  }
}

function acted(state: ReturnAtWork, { name, input }: Acted, enter: Enter): ReturnAtWork {
  switch (name) {
    case 'approve':
      return enter('awaiting-parcel');
    case 'decline':
      return { ...enter('declined'), declinedBecause: input.reason };
    case 'parcel-received':
      return enter('awaiting-inspection');
    case 'inspect':
      return enter('refunding', { inspected: input.lines });
    default:
      return (name satisfies never) ?? state;
  }
}

type Enter = (next: ReturnState, more?: Partial<ReturnProgress>) => ReturnAtWork;

const withProgress = (state: ReturnAtWork, changes: Partial<ReturnProgress>): ReturnAtWork => ({
  ...state,
  progress: { ...state.progress, ...changes },
});

/** Enters a state: it begins now, with the deadline of its wait and no reminders. */
function entered(state: ReturnAtWork, next: ReturnState, at: string, more: Partial<ReturnProgress>): ReturnAtWork {
  const deadline = isWaiting(next) ? deadlineOf(state.policy[waits[next]], at) : null;
  return withProgress(state, { state: next, since: at, reminders: 0, deadline, ...more });
}

function deadlineOf(
  wait: { readonly deadline?: Duration; readonly reminders: readonly Duration[] },
  at: string,
): string | null {
  return wait.deadline ? new Date(Date.parse(at) + msToNumber(wait.deadline)).toISOString() : null;
}

/** Takes over the row of a lost workflow. Its notes are gone, and a command that still fails shows again. */
function recovered(state: ReturnAtWork, row: RecoveredReturn): ReturnAtWork {
  const { policy, declinedBecause, ...progress } = row;
  const now = withProgress(state, { ...progress, trouble: null });
  return { ...now, policy: policy ?? state.policy, declinedBecause, isRecovered: true };
}

const withFailures = (state: ReturnAtWork, failures: ReturnAtWork['failures']): ReturnAtWork => ({
  ...withProgress(state, { trouble: failures.size === 0 ? null : [...failures.values()].join(' ') }),
  failures,
});

/** The state in the form of the row. */
export function rowOf({ progress }: ReturnAtWork): NoteReturn {
  const { requestId, state, since, deadline, reminders, trouble, inspected, amount } = progress;
  const found = { ...(inspected ? { inspected } : {}), ...(amount ? { amount } : {}) };
  return { requestId, state, since, deadline, reminders, trouble, ...found };
}
