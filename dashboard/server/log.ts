/** Where the desk writes what happens to it; never what is in a message. */
export interface DeskLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
