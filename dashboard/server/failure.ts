import type { ApiErrorCode, ApiProblem } from './api/api.ts';

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

/** An answer that is not what was asked for. Its message is shown to whoever asked: it names nothing of the inside and quotes nothing of a message. */
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
