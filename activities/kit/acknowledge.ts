import { ApplicationFailure } from '@temporalio/common';
import { lastingFault } from '../../contracts/failures.ts';
import type { Acknowledgement } from '../../contracts/command.ts';
import { temporalActivity, type ActivityContext } from './activity-context.ts';

type Method = (command: never) => Promise<object>;

/** A processor whose answers say which attempt succeeded. */
export type Acknowledging<Processor> = {
  readonly [Name in keyof Processor]: Processor[Name] extends (command: infer Command) => Promise<infer Answer>
    ? (command: Command) => Promise<Answer & Acknowledgement>
    : never;
};

/**
 * Makes activities of a processor's methods: adds the attempt to every answer, and logs begin and end, refusal and
 * fault, with order id and request id. It never logs a payload: commands carry card tokens and addresses.
 */
export function acknowledging<Processor extends object>(
  processor: Processor,
  current: () => ActivityContext = temporalActivity,
): Acknowledging<Processor> {
  const methods = Object.entries(processor) as [string, Method][];
  return Object.fromEntries(
    methods.map(([name, method]) => [name, acknowledge(method, current)]),
  ) as Acknowledging<Processor>;
}

interface Identified {
  readonly requestId?: string;
  readonly orderId?: string;
}

const acknowledge = (method: Method, current: () => ActivityContext) => async (command: Identified) => {
  const { attempt, log } = current();
  const about = { orderId: command.orderId, requestId: command.requestId, attempt };
  log.info('begin', about);
  try {
    const answer = await method(command as never);
    log.info('done', about);
    return { ...answer, attempt };
  } catch (error) {
    if (isRefusal(error)) log.info('refused', { ...about, refusal: error.type });
    else log.warn('fault', { ...about, error });
    throw error;
  }
};

/** True for a refusal. A lasting fault is not retried either, but it is none: a person has to look at it. */
export const isRefusal = (error: unknown): error is ApplicationFailure =>
  error instanceof ApplicationFailure && error.nonRetryable === true && error.type !== lastingFault;
