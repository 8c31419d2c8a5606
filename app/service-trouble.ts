import { isGrpcDeadlineError, isGrpcServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';

/** The status numbers of gRPC that are told apart here. */
export const status = {
  cancelled: 1,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unavailable: 14,
} as const;

/** The gRPC status of an error of the service, which the client wraps once. */
export function codeOf(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) ? cause.code : undefined;
}

const unansweredCodes: readonly (number | undefined)[] = [
  status.failedPrecondition,
  status.deadlineExceeded,
  status.unavailable,
  status.cancelled,
  status.resourceExhausted,
];

/** True when it is not known whether what was asked for was done. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
  isGrpcDeadlineError(error) ||
  unansweredCodes.includes(codeOf(error));

/** Why there was no answer, as half a sentence. */
export const whyUnanswered = (error: unknown, deadlineMs: number): string =>
  codeOf(error) === status.unavailable
    ? 'the connection to Temporal was lost before it answered'
    : `no answer within ${deadlineMs / 1000} s`;

/** True when the flow is there, but its first task keeps failing or timing out: it takes no questions until a worker is well again. */
export const notReadyYet = (error: unknown): boolean => codeOf(error) === status.failedPrecondition;
