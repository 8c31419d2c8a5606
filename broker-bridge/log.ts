/** What the parts of the bridge write to: pino's shape. Details never hold bodies of facts, secrets or card tokens. */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What went wrong, in one line, with what caused it. Only messages: an error's other fields may hold rows. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || ('code' in error ? String(error.code) : error.name);
  return error.cause === undefined ? own : `${own} (${reasonOf(error.cause)})`;
}
