import {
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  type Client,
} from '@temporalio/client';
import type { GoodEvent } from './read-event.ts';

/**
 * What starting a flow came to: it runs; or it ran to its end before, for the same event; or its id is another event's; or it can never be started so.
 * Anything else, such as a Temporal that is away, is thrown.
 */
export type Start = 'runs' | 'has-ended' | 'other-body' | 'not-taken';

/** Starts the mediator of an event, durably. */
export type StartWorkflow = (event: GoodEvent) => Promise<Start>;

const answerWithinMs = 10_000;
/** Of gRPC: what was asked can never be done. */
const invalidArgument = 3;

/**
 * Starts flows at this Temporal: one per event, for ever; a repeat is told from another event by the body's hash in the memo. With `ALLOW_DUPLICATE` one
 * that ran to its end before is started again.
 */
export const createStartWorkflow = (
  client: Client,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' | 'ALLOW_DUPLICATE' = 'ALLOW_DUPLICATE_FAILED_ONLY',
): StartWorkflow => {
  const within = <Answer>(ask: () => Promise<Answer>) => client.withDeadline(Date.now() + answerWithinMs, ask);
  return async ({ start, kind, bodyHash }) => {
    try {
      await within(() =>
        client.workflow.start(kind.workflowType, {
          ...start,
          args: [...start.args],
          taskQueue: kind.channel,
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy,
        }),
      );
      return 'runs';
    } catch (error) {
      if (isInvalid(error)) return 'not-taken';
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const there = await within(() => client.workflow.getHandle(start.workflowId).describe());
      if (there.memo?.['bodyHash'] !== bodyHash) return 'other-body';
      return there.status.name === 'RUNNING' ? 'runs' : 'has-ended';
    }
  };
};

function isInvalid(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && (cause.code as number) === invalidArgument;
}
