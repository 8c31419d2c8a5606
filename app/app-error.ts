import type { RefusalType } from '../contracts/failures.ts';
import { legibleLine } from '../contracts/reading/legible.ts';
import type { Problem } from '../contracts/schemas/problem.ts';

/** The kind of error that ended a command, for code that calls one. */
export type AppErrorKind =
  'bad-input' | 'refused' | 'request-id-taken' | 'not-known' | 'unreachable' | 'not-found' | 'cancelled';

interface AppErrorOptions extends ErrorOptions {
  readonly refusal?: RefusalType;
  readonly problems?: readonly Problem[];
}

/** An error that the user is told about: one or two sentences on stderr, and an exit code. Any other error is a bug. */
export class AppError extends Error {
  readonly kind: AppErrorKind;
  /** 2 when the input cannot be used, 1 for every other error. */
  readonly exitCode: 1 | 2;
  /** The name of the refusal that it tells of; undefined when it is no processor's or mediator's. */
  readonly refusal: RefusalType | undefined;
  /** The problems of an input, by its fields. */
  readonly problems: readonly Problem[] | undefined;

  constructor(kind: AppErrorKind, message: string, options?: AppErrorOptions) {
    super(message, options);
    this.refusal = options?.refusal;
    this.problems = options?.problems;
    this.kind = kind;
    this.exitCode = kind === 'bad-input' ? 2 : 1;
  }
}

/** Anything that was thrown, on one line without control characters, for stderr. */
export function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return legibleLine(text);
}
