/** One column: its heading, and the side on which its cells are aligned. */
export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
}

/** Rows under their headings, every column as wide as its widest cell. Colours in a cell take no room. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  heading: (text: string) => string = (text) => text,
): readonly string[] {
  const headings = columns.map((column) => column.heading);
  const widths = columns.map((_, index) => Math.max(...[headings, ...rows].map((row) => widthOf(row[index] ?? ''))));
  const line = (row: readonly string[]) =>
    columns
      .map(({ align }, index) => padded(row[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd();
  return [heading(line(headings)), ...rows.map(line)];
}

/** Names and their values, one pair a line. */
export function pairs(entries: readonly (readonly [name: string, value: string])[]): readonly string[] {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function padded(cell: string, width: number, align: Column['align'] = 'left'): string {
  const room = ' '.repeat(Math.max(0, width - widthOf(cell)));
  return align === 'right' ? room + cell : cell + room;
}

// eslint-disable-next-line no-control-regex -- colour codes begin with the escape character
const widthOf = (cell: string): number => Array.from(cell.replace(/\u001b\[\d+m/g, '')).length;

/** The time of day of an ISO 8601 instant, in UTC. */
export const clock = (instant: string): string => instant.slice(11, 23);

/** Day and time of an ISO 8601 instant, in UTC, to the second. */
export const moment = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 19)}`;
