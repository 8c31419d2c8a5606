/*
 * docs/chapter-tables.md is written by hand, but for the figures between these marks:
 *   <!--= MEASUREMENT/KEY/KEY -->12.3<!-- -->
 * The keys lead to a number in docs/benchmarks/MEASUREMENT.json; of a list, a key takes the entry whose `side` it is.
 */
const mark = /<!--= (.+?) -->.*?<!-- -->/g;

/** The text with every figure written anew, and all else as it was. */
export const withFigures = (text: string, resultOf: (measurement: string) => unknown): string =>
  text.replace(mark, (_, path: string) => `<!--= ${path} -->${figureAt(path, resultOf)}<!-- -->`);

const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** The figure, to three digits. Fails when the path leads to no number. */
function figureAt(path: string, resultOf: (measurement: string) => unknown): string {
  const [measurement = '', ...keys] = path.split('/');
  const result = resultOf(measurement);
  if (result === undefined) return 'not measured yet';
  const figure = keys.reduce(stepInto, result);
  if (typeof figure !== 'number') throw new Error(`docs/chapter-tables.md: ${path} leads to no number.`);
  return digits.format(figure);
}

function stepInto(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.find((entry: { readonly side?: unknown }) => entry.side === key);
  return (value as Readonly<Record<string, unknown>> | undefined)?.[key];
}
