import type { FastifyInstance, FastifyReply } from 'fastify';
import { isGrpcServiceError } from '@temporalio/client';
import { databaseProblem } from '../../prisma/unreachable.ts';
import type { ApiErrorCode, ApiProblem, ApiError } from './api/api.ts';
import type { Log } from '../../broker-bridge/component.ts';
import { AppError, type AppErrorKind } from '../../app/app-error.ts';

const statuses: { readonly [Code in ApiErrorCode]: number } = {
  'bad-input': 400,
  'actor-missing': 400,
  'login-needed': 401,
  forged: 403,
  'not-found': 404,
  refused: 409,
  'too-large': 413,
  'too-many': 429,
  internal: 500,
  unreachable: 503,
  'not-known': 504,
};

/**
 * An answer other than the wanted one. Its message is shown to people: it reveals no internals and quotes no part of
 * the request.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: ApiErrorCode;
  readonly problems: readonly ApiProblem[] | undefined;

  constructor(
    code: ApiErrorCode,
    message: string,
    options: ErrorOptions & { readonly problems?: readonly ApiProblem[] } = {},
  ) {
    super(message, options);
    this.code = code;
    this.problems = options.problems;
  }

  get status(): number {
    return statuses[this.code];
  }
}

/**
 * Answers every error as JSON with a sentence of ours: no stack, no SQL, no part of the request. An error that was not
 * foreseen is logged by its kind and place.
 */
export function answerFailures(server: FastifyInstance, log: Log): void {
  server.setNotFoundHandler((_, reply) => {
    const { status, body } = answerTo(new Failure('not-found', 'There is nothing here.'));
    return reply.code(status).send(body);
  });
  server.setErrorHandler((error: unknown, _, reply) => {
    const failure = failureOf(error);
    if (failure.code === 'internal') log.error(traceOf(error), 'a request failed');
    const { status, body } = answerTo(failure);
    return reply.code(status).send(body);
  });
}

/** Answers a path that is unreadable or too long. No hook ran before, so that the safe headers are given here. */
export function answerUnreadable(error: unknown, reply: FastifyReply): void {
  const isTooLong = (error as { statusCode?: number }).statusCode === 414;
  const what = isTooLong ? 'A part of this address is longer than any id.' : 'This address cannot be read.';
  const { status, body } = answerTo(new Failure('bad-input', what));
  void reply
    .code(status)
    .headers({ ...bareHeaders })
    .send(body);
}

const bareHeaders = { 'content-security-policy': "default-src 'none'", 'x-content-type-options': 'nosniff' };

function answerTo({ code, message, problems, status }: Failure): { readonly status: number; readonly body: ApiError } {
  return { status, body: { error: { code, message, ...(problems ? { problems } : {}) } } };
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof AppError) return ofAppError(error);
  if (isAway(error)) return new Failure('unreachable', away, { cause: error });
  return ofFramework(error);
}

const away = 'The database or Temporal does not answer at the moment; try again when it is back.';

const codes: { readonly [Kind in AppErrorKind]: ApiErrorCode } = {
  'bad-input': 'bad-input',
  refused: 'refused',
  'request-id-taken': 'refused',
  'not-known': 'not-known',
  unreachable: 'unreachable',
  'not-found': 'not-found',
  cancelled: 'internal',
};

/** The sentences of `app/` are for people; only their advice on how to ask again is for the command line. */
function ofAppError(error: AppError): Failure {
  const { kind, message } = error;
  const told = kind === 'not-known' ? message.replace(/ (Ask|ask) again[^.]*--update-id.*$/s, ` ${again}`) : message;
  return new Failure(codes[kind], told, { cause: error });
}

const again = 'Look at it again in a moment; asking once more does no harm.';

/** PostgreSQL or Temporal is away, by the kind of error that the adapter or gRPC gives. */
function isAway(error: unknown): boolean {
  const problem = databaseProblem(error);
  if (problem) return ['away', 'slow', 'closed'].includes(problem);
  const service = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error;
  return isGrpcServiceError(service) && [4, 14].includes(service.code);
}

/** Refusals of the framework, before any code of ours ran. */
function ofFramework(error: unknown): Failure {
  const { statusCode, code = '' } = error as { statusCode?: number; code?: string };
  if (code.startsWith('FST_CSRF'))
    return new Failure('forged', 'The anti-forgery token is missing or stale: load the page again.');
  if (statusCode === 413) return new Failure('too-large', 'That is larger than the desk takes.');
  if (statusCode === 429) return new Failure('too-many', 'That was asked too often: wait a minute.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Failure('bad-input', 'The request cannot be read: it must be JSON.');
  }
  return new Failure('internal', 'Something went wrong in the desk; its log says where.', { cause: error });
}

/** The error without its message, which may quote what was sent. */
function traceOf(error: unknown): { readonly error: string; readonly at: readonly string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, at: frames.slice(0, 5).map((line) => line.trim()) };
}
