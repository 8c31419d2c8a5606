import { z } from 'zod';

/** One thing that is wrong with what came in, by the field's path: `lines[0].quantity`. Never holds what stood in the field. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

/** What is wrong with an input that was refused, each thing once. `whole` is what to call the input itself, as in `the order`. */
export function problemsIn(error: z.ZodError, whole: string): readonly Problem[] {
  const problems = error.issues.flatMap((issue) => problemsOf(issue, whole));
  return [...new Map(problems.map((problem) => [`${problem.field} ${problem.message}`, problem])).values()];
}

/** The message for something else where an object should be. */
export function notAnObject(issue: { readonly code?: string }): string | undefined {
  return issue.code === 'invalid_type' ? 'must be an object' : undefined;
}

function problemsOf(issue: z.core.$ZodIssue, whole: string): readonly Problem[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: pathOf(issue.path, whole), message: issue.message }];
  const message = `is not a field of ${whole.replace(/^the /, 'an ')}`;
  return issue.keys.map((key) => ({ field: pathOf([...issue.path, key], whole), message }));
}

/** `['lines', 0, 'quantity']` as `lines[0].quantity`. Names we did not choose are shortened and quoted, so that they stay on the line. */
function pathOf(path: readonly PropertyKey[], whole: string): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${plainName(String(part))}`)).join('');
  return text === '' ? whole : text.replace(/^\./, '');
}

const plainName = (name: string): string => (/^\w{1,64}$/.test(name) ? name : JSON.stringify(name.slice(0, 64)));
