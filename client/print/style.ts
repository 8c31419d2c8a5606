type Paint = (text: string) => string;

/** Colours for a terminal. Elsewhere each one leaves the text as it is. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly busy: Paint;
}

interface Where {
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Colours only at a terminal that can show them, and never when `NO_COLOR` is set. */
export function styleFor({ isTerminal, env }: Where): Style {
  const colours = isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const paint = (on: number, off: number): Paint =>
    colours ? (text) => `\u001b[${on}m${text}\u001b[${off}m` : (text) => text;
  return { bold: paint(1, 22), dim: paint(2, 22), good: paint(32, 39), bad: paint(31, 39), busy: paint(33, 39) };
}
