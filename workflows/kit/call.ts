import { TimeoutFailure } from '@temporalio/common';
import { ActivityFailure, ApplicationFailure, proxyActivities, sleep } from '@temporalio/workflow';
import { type Commands } from '../../contracts/commands.ts';
import { refusalTypes, type Failure, type Refusal, type RefusalType } from '../../contracts/failures.ts';
import type { Acknowledgement } from '../../contracts/command.ts';
import { commandRoutes, type CommandName } from '../../contracts/command-routes.ts';
import type { Duration } from '../../contracts/duration.ts';

export type CommandOf<Name extends CommandName> = Commands[Name]['command'];
export type AcknowledgementOf<Name extends CommandName> = Commands[Name]['acknowledgement'] & Acknowledgement;

type Activity<Name extends CommandName> = (command: CommandOf<Name>) => Promise<AcknowledgementOf<Name>>;

/** Faults are retried by Temporal at these intervals. */
const faultRetry = { initialInterval: '500 ms', backoffCoefficient: 2, maximumInterval: '10 seconds' } as const;

interface CallOptions {
  /** The line that the Web UI shows beside the command. */
  readonly summary: string;
  /** Faults are retried for so long; without end when it is left out. */
  readonly retryFor?: Duration | undefined;
}

/** One command for its processor. */
export interface Call<Name extends CommandName> extends CallOptions {
  readonly name: Name;
  readonly command: CommandOf<Name>;
}

/** The result of one call. */
export type Answer<Name extends CommandName> =
  { readonly acknowledgement: AcknowledgementOf<Name> } | { readonly failure: Failure };

/**
 * Gives one command to its processor, over the processor's channel, and waits for the acknowledgement. Faults are
 * retried by Temporal; a refusal, or a fault that outlasts its retry time, is thrown as the failure that `failureOf`
 * reads.
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
    retry: faultRetry,
    summary,
  });
  return (activities[route.activity] as Activity<Name>)(command);
}

/** As `callProcessor`, but a failure is answered, not thrown. A bug is thrown. */
export async function callOnce<Name extends CommandName>({
  name,
  command,
  ...options
}: Call<Name>): Promise<Answer<Name>> {
  try {
    return { acknowledgement: await callProcessor(name, command, options) };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

/** The pauses between calls, in minutes: doubled after each, up to the longest. */
export interface Pauses {
  readonly first: number;
  readonly longest: number;
}

/** A history must not grow without bound, so that pauses grow up to an hour. */
const growingPauses: Pauses = { first: 1, longest: 60 };

/**
 * `again`: called again at once. `later`: after a pause, longer each time. Anything else ends the loop with `instead`.
 */
export type AfterFailure<Instead> = 'again' | 'later' | { readonly instead: Instead };

/**
 * The one loop of every mediator: calls until the command is acknowledged. After each failure the mediator decides: it
 * holds its flow and says `again` when that is resumed, says `later`, gives another result, or throws.
 */
export async function callUntilDone<Name extends CommandName, Instead = never>(
  call: () => Promise<Answer<Name>>,
  afterFailure: (failure: Failure) => AfterFailure<Instead> | Promise<AfterFailure<Instead>>,
  { first, longest }: Pauses = growingPauses,
): Promise<AcknowledgementOf<Name> | Instead> {
  for (let minutes = first; ; minutes = Math.min(minutes * 2, longest)) {
    const answer = await call();
    if ('acknowledgement' in answer) return answer.acknowledgement;
    const next = await afterFailure(answer.failure);
    if (typeof next === 'object') return next.instead;
    if (next === 'later') await sleep(`${minutes} minutes`);
  }
}

/**
 * The failure behind an error. An error that no processor threw is a bug and is thrown on as it is: the workflow task
 * then waits for fixed code, where a Temporal failure would end the flow half-way.
 */
export function failureOf(error: unknown): Failure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && isRefusal(cause.type)) return refusalFrom(cause.type, cause);
  if (!(error instanceof ActivityFailure)) throw error;
  const lasting = cause instanceof ApplicationFailure && cause.nonRetryable === true;
  return { kind: 'fault', message: lastWords(cause), lasting };
}

/** Behind a time-out stands the error of the last attempt. */
function lastWords(cause: unknown): string {
  if (!(cause instanceof Error)) return 'No answer came.';
  return cause instanceof TimeoutFailure && cause.cause ? lastWords(cause.cause) : cause.message;
}

/** `RefusalDetails` says for each type which details a processor throws. */
const refusalFrom = (type: RefusalType, { message, details }: ApplicationFailure): Refusal => {
  const refusal: Omit<Refusal, 'details'> & { readonly details: readonly unknown[] } = {
    kind: 'refusal',
    type,
    message,
    details: details ?? [],
  };
  return refusal as Refusal;
};

/** The refusal behind an error; any other error is a bug, and is thrown on as a plain error. */
export function refusalOf(error: unknown): Refusal {
  const failure = failureOf(error);
  if (failure.kind === 'refusal') return failure;
  throw new Error(`A processor failed for good: ${failure.message}`);
}

const isRefusal = (type: string | undefined | null): type is RefusalType =>
  (refusalTypes as readonly (string | undefined | null)[]).includes(type);
