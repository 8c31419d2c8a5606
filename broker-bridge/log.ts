/** What the parts of the bridge write to: pino's shape. Details never hold bodies of facts, secrets or card tokens. */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
