import { z } from 'zod';

/** One fault of an input, by the field's path: `lines[0].quantity`. It never quotes the field's value. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

/** The problems of a refused input, each once. `whole` is the name of the input itself, as in `the order`. */
export function problemsIn(error: z.ZodError, whole: string): readonly Problem[] {
  const problems = error.issues.flatMap((issue) => problemsOf(issue, whole));
  return [...new Map(problems.map((problem) => [`${problem.field} ${problem.message}`, problem])).values()];
}

/** The message for a value that should be an object and is not. */
export function notAnObject(issue: { readonly code?: string }): string | undefined {
  return issue.code === 'invalid_type' ? 'must be an object' : undefined;
}

function problemsOf(issue: z.core.$ZodIssue, whole: string): readonly Problem[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: pathOf(issue.path, whole), message: issue.message }];
  const message = `is not a field of ${whole.replace(/^the /, 'an ')}`;
  return issue.keys.map((key) => ({ field: pathOf([...issue.path, key], whole), message }));
}

/**
 * `['lines', 0, 'quantity']` as `lines[0].quantity`. The sender's own names are shortened and quoted, to keep them on
 * the line.
 */
function pathOf(path: readonly PropertyKey[], whole: string): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${plainName(String(part))}`)).join('');
  return text === '' ? whole : text.replace(/^\./, '');
}

/** A sender's own name for a field, shortened, and quoted unless it is one plain word. */
export const plainName = (name: string): string => (/^\w{1,64}$/.test(name) ? name : JSON.stringify(name.slice(0, 64)));

const mostTold = 10;

/** The problems of a file or a message on one line, by their fields. */
export const fieldSentences = (problems: readonly Problem[]): string =>
  joinedSentences(problems.map(({ field, message }) => `${field} ${message}`));

/** Sentences on one line; of very many the first ten. */
export function joinedSentences(sentences: readonly string[]): string {
  const rest = sentences.length - mostTold;
  const first = sentences.slice(0, mostTold).join('; ');
  return rest > 0 ? `${first}; and ${rest} more` : first;
}
