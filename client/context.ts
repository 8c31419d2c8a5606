import { legibleJson } from '../contracts/reading/legible.ts';
import type { Style } from './print/style.ts';

/** The environment a command reads addresses from, and the ways it writes. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly style: Style;
  /** Writes one line on stdout. */
  print(line: string): void;
  /** Writes one line on stderr, for anything but the answer. */
  note(line: string): void;
  /**
   * Writes one line on a terminal's stderr, over which the next one is written; an empty line clears it. Left out where
   * there is no terminal.
   */
  status?(line: string): void;
  /** Aborted when the user asks to stop (Ctrl-C). */
  readonly interrupted: AbortSignal;
}

/** Prints one JSON object on a line of its own. */
export const printJson = (context: Context, value: unknown): void => context.print(legibleJson(JSON.stringify(value)));

/** The option of every command that may print JSON. */
export interface JsonOption {
  readonly json?: boolean;
}

/** Prints rows as JSON, one object a line, or as lines for people; without any it notes the sentence. */
export function printRows(
  rows: readonly unknown[],
  as: { readonly json: boolean | undefined; readonly none: string; lines(): readonly string[] },
  context: Context,
): void {
  if (as.json) for (const row of rows) printJson(context, row);
  else if (rows.length === 0) context.note(as.none);
  else for (const line of as.lines()) context.print(line);
}
