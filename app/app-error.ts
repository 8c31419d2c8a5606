import { legibleLine } from '../contracts/reading/legible.ts';

/** The kind of error that ended a command, for code that calls one. */
export type AppErrorKind =
  'bad-input' | 'refused' | 'request-id-taken' | 'not-known' | 'unreachable' | 'not-found' | 'cancelled';

/** An error that the user is told about: one or two sentences on stderr, and an exit code. Any other error is a bug. */
export class AppError extends Error {
  readonly kind: AppErrorKind;
  /** 2 when the input cannot be used, 1 for every other error. */
  readonly exitCode: 1 | 2;

  constructor(kind: AppErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.exitCode = kind === 'bad-input' ? 2 : 1;
  }
}

/** Anything that was thrown, on one line without control characters, for stderr. */
export function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return legibleLine(text);
}
