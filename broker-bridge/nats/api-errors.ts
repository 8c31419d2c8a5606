import { ErrorCode, NatsError } from 'nats';

/** JetStream's error codes. */
export const codes = {
  accountHasNoRoom: 10002,
  serverHasNoRoom: 10023,
  memoryIsFull: 10028,
  noSuchConsumer: 10014,
  noSuchMessage: 10037,
  noMessageThere: 10043,
  diskIsFull: 10047,
  messageTooLarge: 10054,
  /** The server could not make the files of a stream. */
  streamNotMade: 10049,
  streamHasOtherSettings: 10058,
  noSuchStream: 10059,
  /** The store refused: it is full by number or by bytes, or its disk is. */
  notStored: 10077,
  /** Another message than the expected one is the last on the subject; the second is the newer servers' code. */
  wrongLastSequence: 10071,
  consumerHasOtherSettings: 10148,
  otherLastSequence: 10164,
} as const;

/** True when the server answered with one of these codes. */
export const isApiError = (error: unknown, ...of: readonly number[]): boolean =>
  error instanceof NatsError && of.includes(error.api_error?.err_code ?? 0);

/** Resolves with the answer, or with null when the server answered with one of these codes. */
export async function orNull<Answer>(ask: Promise<Answer>, ...of: readonly number[]): Promise<Answer | null> {
  try {
    return await ask;
  } catch (error) {
    if (isApiError(error, ...of)) return null;
    throw error;
  }
}

/** True when the server has refused the request because our user may not make it. */
export const isNotAllowed = (error: unknown): boolean =>
  error instanceof NatsError && (error.code as ErrorCode) === ErrorCode.PermissionsViolation;

/** JetStream's unit of durations. */
export const nanoseconds = (milliseconds: number): number => milliseconds * 1_000_000;
