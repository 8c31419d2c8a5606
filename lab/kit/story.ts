/*
 * docs/benchmarks.md is written by hand, but for what stands between these marks:
 *   <!-- measured: NAME -->
 *   … the result of the measurement NAME …
 *   <!-- end -->
 */
const mark = /<!-- (?:measured: ([a-z0-9-]+)|end) -->/g;

/** The names of the measurements that a text has a section for, in its order. */
export const measuredIn = (text: string): readonly string[] =>
  [...text.matchAll(mark)].flatMap(([, name]) => (name === undefined ? [] : [name]));

/** The text with every section written anew, and all else as it was. Fails when the marks are not in pairs. */
export function withSections(text: string, sectionOf: (name: string) => string): string {
  let [written, from] = ['', 0];
  let open: string | undefined;
  for (const { 0: found, 1: name, index } of text.matchAll(mark)) {
    if ((name === undefined) === (open === undefined)) throw new Error(unpaired(open ?? name));
    if (name === undefined) written += `\n${sectionOf(open ?? '')}\n\n${found}`;
    else written += `${text.slice(from, index)}${found}\n`;
    [open, from] = [name, index + found.length];
  }
  if (open !== undefined) throw new Error(unpaired(open));
  return written + text.slice(from);
}

const unpaired = (name: string | undefined): string =>
  name === undefined
    ? 'docs/benchmarks.md has an <!-- end --> without a <!-- measured: NAME --> before it.'
    : `docs/benchmarks.md has no <!-- end --> behind <!-- measured: ${name} -->.`;
