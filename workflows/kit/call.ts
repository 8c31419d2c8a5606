import { TimeoutFailure } from '@temporalio/common';
import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import { type Commands } from '../../contracts/commands.ts';
import { refusalTypes, type RefusalDetails, type RefusalType } from '../../contracts/failures.ts';
import type { Acknowledgement } from '../../contracts/command.ts';
import { commandRoutes, type CommandName } from '../../contracts/command-routes.ts';
import type { Duration } from '../../contracts/duration.ts';

export type CommandOf<Name extends CommandName> = Commands[Name]['command'];
export type AcknowledgementOf<Name extends CommandName> = Commands[Name]['acknowledgement'] & Acknowledgement;

type Activity<Name extends CommandName> = (command: CommandOf<Name>) => Promise<AcknowledgementOf<Name>>;

/** A fault is trouble outside: asked again, at longer and longer intervals, until it is over. */
const untilTheFaultIsOver = {
  initialInterval: '500 ms',
  backoffCoefficient: 2,
  maximumInterval: '10 seconds',
} as const;

/** How a command is asked, besides what it says. */
export interface CallOptions {
  /** What the Web UI shows beside the command. */
  readonly summary: string;
  /** How long faults are retried; without end when it is left out. */
  readonly retryFor?: Duration | undefined;
}

/**
 * Gives one command to its processor, over the processor's channel, and waits for the acknowledgement. Faults are retried;
 * what goes wrong for good comes back as the failure that `troubleOf` reads.
 */
export function callProcessor<Name extends CommandName>(
  name: Name,
  command: CommandOf<Name>,
  { summary, retryFor }: CallOptions,
): Promise<AcknowledgementOf<Name>> {
  const route = commandRoutes[name];
  const activities = proxyActivities<Record<string, Activity<Name>>>({
    taskQueue: route.channel,
    startToCloseTimeout: route.startToClose,
    ...(retryFor ? { scheduleToCloseTimeout: retryFor } : {}),
    retry: untilTheFaultIsOver,
    summary,
  });
  return (activities[route.activity] as Activity<Name>)(command);
}

/** A business no, as a processor said it. */
export type Refusal = {
  [Type in RefusalType]: {
    readonly kind: 'refusal';
    readonly type: Type;
    /** One sentence for people. */
    readonly message: string;
    readonly details: readonly [RefusalDetails[Type]] | readonly [];
  };
}[RefusalType];

/** A processor that failed until its retry time was over, or said that asking again will not help. */
export interface Fault {
  readonly kind: 'fault';
  /** What it said last, for people. */
  readonly message: string;
  /** Whether asking again at once would only fail again. */
  readonly lasting: boolean;
}

/** What came of a command that was not acknowledged. */
export type Failure = Refusal | Fault;

/**
 * The trouble behind an error. Anything that no processor said is a bug: it goes on as it is, which keeps the workflow task
 * waiting for fixed code, where a Temporal failure would end the order half-way.
 */
export function failureOf(error: unknown): Failure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && isRefusal(cause.type)) {
    return refusalFrom(cause.type, cause);
  }
  if (!(error instanceof ActivityFailure)) throw error;
  const lasting = cause instanceof ApplicationFailure && cause.nonRetryable === true;
  return { kind: 'fault', message: saidLast(cause), lasting };
}

/** When a time is over, what the processor said last stands behind that. */
function saidLast(cause: unknown): string {
  if (!(cause instanceof Error)) return 'No answer came.';
  return cause instanceof TimeoutFailure && cause.cause ? saidLast(cause.cause) : cause.message;
}

/** What a processor throws is as `RefusalDetails` says for its type. */
const refusalFrom = (type: RefusalType, { message, details }: ApplicationFailure): Refusal =>
  ({ kind: 'refusal', type, message, details: details ?? [] }) as unknown as Refusal;

/** The refusal behind an error; anything else is a bug, and goes on as a plain error. */
export function refusalOf(error: unknown): Refusal {
  const trouble = failureOf(error);
  if (trouble.kind === 'refusal') return trouble;
  throw new Error(`A processor failed for good: ${trouble.message}`);
}

const isRefusal = (type: string | undefined | null): type is RefusalType =>
  (refusalTypes as readonly (string | undefined | null)[]).includes(type);
