import {
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  type Client,
} from '@temporalio/client';
import type { WorkflowStart } from '../../contracts/initiating-event.ts';
import { answeredInTime } from '../waiting.ts';
import type { GoodEvent } from './read-event.ts';

/**
 * `runs`: it was started, or is running for the same event. `has-ended`: it ran to its end before, for the same event.
 * `other-body`: its id belongs to another event. `not-taken`: Temporal refuses to start it. Any other result, such as a
 * Temporal that is away, is thrown.
 */
export type StartResult = 'runs' | 'has-ended' | 'other-body' | 'not-taken';

/** Starts the mediator that an event is delegated to, durably. */
export type StartWorkflow = (event: Delegated) => Promise<StartResult>;

/** An event, and the start of the workflow that it is delegated to. */
export type Delegated = Pick<GoodEvent, 'kind' | 'bodyHash'> & { readonly start: WorkflowStart };

/** The gRPC code of a request that can never succeed. */
const invalidArgument = 3;

/**
 * Starts workflows at this Temporal, one per event for ever. The hash of the body in the memo tells a repeat from
 * another event. With `ALLOW_DUPLICATE` a workflow that ran to its end before is started again.
 */
export const createStartWorkflow = (
  client: Client,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' | 'ALLOW_DUPLICATE' = 'ALLOW_DUPLICATE_FAILED_ONLY',
): StartWorkflow => {
  return async ({ start, kind, bodyHash }) => {
    try {
      await answeredInTime(client, () =>
        client.workflow.start(kind.workflowType, {
          taskQueue: kind.channel,
          ...start,
          args: [...start.args],
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy,
        }),
      );
      return 'runs';
    } catch (error) {
      if (isInvalid(error)) return 'not-taken';
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const there = await answeredInTime(client, () => client.workflow.getHandle(start.workflowId).describe());
      if (there.memo?.['bodyHash'] !== bodyHash) return 'other-body';
      return there.status.name === 'RUNNING' ? 'runs' : 'has-ended';
    }
  };
};

function isInvalid(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && (cause.code as number) === invalidArgument;
}
