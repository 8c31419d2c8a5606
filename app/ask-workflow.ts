import { setTimeout as sleep } from 'node:timers/promises';
import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { actionUpdateId, chosenId } from '../contracts/ids.ts';
import { busy } from '../contracts/mediators/order-actions.ts';
import { bodyHash } from '../contracts/schemas/initiating-events.ts';
import { AppError } from './app-error.ts';
import { mediatorPresence, type Mediator } from './mediator-presence.ts';

/** An update of a workflow, and the sentences for its user when it cannot be answered. */
export interface WorkflowRequest<Answer> {
  readonly client: Client;
  readonly deadlineMs: number;
  /** Sends the update. It is sent again under the same update id, so that nothing is done twice. */
  send(): Promise<Answer>;
  /** Completes the sentence `It is not known whether …`. */
  readonly outcome: string;
  /** Advice on asking again without doing anything twice, as a sentence; left out where no person asks. */
  readonly askAgain?: string;
  /** The mediator that should answer; the order mediator when left out. */
  readonly mediator?: Mediator;
  /** Aborted when the answer is not needed any more: the call ends, so that it does not outlive its connection. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The error for a workflow that does not exist, or that ended before it answered. The records tell one from the
   * other.
   */
  whenGone(cause: unknown): Promise<unknown>;
  /** The error for a refusal; by default the workflow's own sentence. Undefined for a failure that is a bug. */
  whenRefused?(refusal: ApplicationFailure, cause: unknown): AppError | undefined;
}

/**
 * Asks a workflow to act and resolves with its answer. A workflow that is there but not ready is asked again until the
 * deadline. Throws an `AppError` when it refuses, when it is gone, or when there is no answer in time. A bug is thrown
 * as it came.
 */
export async function askWorkflow<Answer>(request: WorkflowRequest<Answer>): Promise<Answer> {
  const { client, signal } = request;
  const deadline = Date.now() + request.deadlineMs;
  const send = () => client.withDeadline(deadline, () => request.send());
  for (;;) {
    try {
      return await (signal ? client.withAbortSignal(signal, send) : send());
    } catch (error) {
      if (signal?.aborted) throw error;
      if (!(isNotReady(error) || isBusy(error)) || Date.now() + pauseMs > deadline)
        throw await translated(error, request);
      await sleep(pauseMs);
    }
  }
}

const pauseMs = 250;

/** An action on a workflow, under the id that the caller chose: the same id and content act once. */
interface Action {
  readonly updateId: string;
  readonly name: string;
  readonly action: object;
}

/** Sends an action to a workflow by its id. */
export const sendUpdate = <Answer>(
  client: Client,
  { workflowId, ...acting }: Action & { readonly workflowId: string },
): Promise<Answer> =>
  client.workflow
    .getHandle(workflowId)
    .executeUpdate<Answer, [object]>(acting.name, { updateId: fullId(acting), args: [acting.action] });

const fullId = ({ updateId, name, action }: Action): string => actionUpdateId(updateId, bodyHash({ name, action }));

/**
 * The action that was recorded under an id. Throws an `AppError` when the id belongs to another action, or to another
 * content; `action` is left out while it is not known.
 */
export function recordedUnder<Recorded extends { readonly actionId: string; readonly action: string }>(
  actions: readonly Recorded[],
  { updateId, name, action }: Omit<Action, 'action'> & Partial<Pick<Action, 'action'>>,
): Recorded | undefined {
  const recorded = actions.find(({ actionId }) => chosenId(actionId) === updateId);
  if (!recorded) return undefined;
  const isSame = action === undefined || recorded.actionId === fullId({ updateId, name, action });
  if (recorded.action === name && isSame) return recorded;
  const used = recorded.action === name ? `to ${name} with another content` : `to ${recorded.action}`;
  const message = `Update id ${updateId} was used ${used} already; choose another, or leave it out to get a new one.`;
  throw new AppError('request-id-taken', message);
}

/** The error for a workflow that Temporal lost while its records say that it runs: the reconciler starts it again. */
export function lostWorkflow(
  { of, what, updateId }: { readonly of: string; readonly what: string; readonly updateId: string },
  cause: unknown,
): AppError {
  const again = `ask again in a minute with the same --update-id ${updateId}, under which nothing is done twice`;
  const message = `Temporal does not have the workflow of ${of} at the moment; the reconciler carries the ${what} on: ${again}.`;
  return new AppError('not-known', message, { cause });
}

/** The advice for an action whose answer did not come. */
export const askAgainUnder = (updateId: string): string =>
  `Ask again with the same --update-id ${updateId}: it is not done twice.`;

async function translated<Answer>(error: unknown, request: WorkflowRequest<Answer>): Promise<unknown> {
  if (isGone(error)) return request.whenGone(error);
  if (isBusy(error)) return unanswered(error, request);
  if (isFull(error)) return new AppError('refused', full, { cause: error });
  const refusal = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (refusal instanceof ApplicationFailure) {
    const told = request.whenRefused ?? (() => new AppError('refused', refusal.message, { cause: error }));
    return told(refusal, error) ?? error;
  }
  return isUnanswered(error) ? unanswered(error, request) : error;
}

async function unanswered<Answer>(error: unknown, request: WorkflowRequest<Answer>): Promise<AppError> {
  const { client, outcome, mediator, askAgain, deadlineMs } = request;
  const why =
    codeOf(error) === status.unavailable
      ? 'the connection to Temporal was lost before it answered'
      : `no answer within ${deadlineMs / 1000} s`;
  const presence = await mediatorPresence(client, mediator);
  const sentences = [`It is not known whether ${outcome}: ${why}.`, presence, ...(askAgain ? [askAgain] : [])];
  return new AppError('not-known', sentences.join(' '), { cause: error });
}

/** The gRPC statuses that matter here. */
const status = {
  cancelled: 1,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unavailable: 14,
} as const;

/** The error of the service; the client wraps it once. */
function serviceErrorOf(error: unknown) {
  if (isGrpcServiceError(error)) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) ? cause : undefined;
}

const codeOf = (error: unknown): number | undefined => serviceErrorOf(error)?.code;

/**
 * True for a workflow whose task keeps failing or timing out. It answers nothing until a worker is well again. The type
 * stands in the details of the status, also in those of an update that starts its workflow.
 */
function isNotReady(error: unknown): boolean {
  if (codeOf(error) !== status.failedPrecondition) return false;
  const [details] = serviceErrorOf(error)?.metadata?.get('grpc-status-details-bin') ?? [];
  return details?.toString().includes('WorkflowNotReadyFailure') ?? false;
}

/** True for a workflow of which the server takes no update any more: it has had as many as the limit allows. */
const isFull = (error: unknown): boolean => codeOf(error) === status.failedPrecondition && !isNotReady(error);

const full =
  'Nothing was done: Temporal takes no more actions of this workflow, because it has had too many. An order ends all the same when its workflow is cancelled in the Temporal Web UI.';

/** True for a workflow that will know in a moment, or ends. */
const isBusy = (error: unknown): boolean =>
  error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === busy;

/** True for a workflow that has ended, does not exist, or ended before it answered. */
export function isGone(error: unknown): boolean {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) return cause.type === 'AcceptedUpdateCompletedWorkflow';
  if (error instanceof WorkflowNotFoundError) return true;
  return codeOf(error) === status.notFound || codeOf(error) === status.aborted;
}

const unansweredCodes: readonly (number | undefined)[] = [
  status.failedPrecondition,
  status.deadlineExceeded,
  status.unavailable,
  status.cancelled,
  status.resourceExhausted,
];

/** True when Temporal gave no answer: it is not known whether what was asked for was done. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
  isGrpcDeadlineError(error) ||
  unansweredCodes.includes(codeOf(error));
