import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import { commandRoutes, type Acknowledgement, type CommandName, type Commands } from '../contracts/commands.ts';
import { refusalTypes, type RefusalType } from '../contracts/failures.ts';

export type CommandOf<Name extends CommandName> = Commands[Name]['command'];
export type AcknowledgementOf<Name extends CommandName> = Commands[Name]['acknowledgement'] & Acknowledgement;

type Activity<Name extends CommandName> = (command: CommandOf<Name>) => Promise<AcknowledgementOf<Name>>;

/** A fault is trouble outside: asked again, at longer and longer intervals, until it is over. */
const untilTheFaultIsOver = {
  initialInterval: '500 ms',
  backoffCoefficient: 2,
  maximumInterval: '10 seconds',
} as const;

/**
 * Gives one command to its processor, over the processor's channel, and waits for the acknowledgement.
 * Faults are retried without end; a refusal comes back as the failure that `refusalOf` reads.
 */
export function ask<Name extends CommandName>(
  name: Name,
  command: CommandOf<Name>,
  summary: string,
): Promise<AcknowledgementOf<Name>> {
  const route = commandRoutes[name];
  const activities = proxyActivities<Record<string, Activity<Name>>>({
    taskQueue: route.channel,
    startToCloseTimeout: route.startToClose,
    retry: untilTheFaultIsOver,
    summary,
  });
  return (activities[route.activity] as Activity<Name>)(command);
}

/** A business no, as a processor said it. */
export interface Refusal {
  readonly type: RefusalType;
  /** One sentence for people. */
  readonly message: string;
  /** As `RefusalDetails` says for the type: one object. */
  readonly details: readonly unknown[];
}

/**
 * The refusal behind an error. Anything else is a bug: it goes on as a plain error, which keeps the workflow task
 * waiting for fixed code, where a Temporal failure would end the order half-way.
 */
export function refusalOf(error: unknown): Refusal {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && isRefusal(cause.type)) {
    return { type: cause.type, message: cause.message, details: cause.details ?? [] };
  }
  throw error instanceof ActivityFailure ? new Error(`A processor failed for good: ${String(cause)}`) : error;
}

const isRefusal = (type: string | undefined | null): type is RefusalType =>
  (refusalTypes as readonly (string | undefined | null)[]).includes(type);

/**
 * Commands of one step, asked at the same time. Waits for every answer, so that none is left running unseen,
 * and only then passes on what went wrong: a bug before any refusal, else the first refusal.
 */
export async function all(asked: readonly Promise<void>[]): Promise<void> {
  const answers = await Promise.allSettled(asked);
  const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  for (const error of errors) refusalOf(error); // throws a bug
  if (errors.length > 0) throw errors[0];
}
