import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Duration } from '../contracts/duration.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The file that overrides a policy, and its schema. */
export interface PolicyFile<Overrides> {
  /** The policy's name in a sentence, as in `The order policy`. */
  readonly title: string;
  /** The environment variable that names the file. */
  readonly variable: string;
  readonly schema: z.ZodType<Overrides>;
  /** The possible fields, by the path of their object; those of any other object by `''`. */
  readonly possible: Readonly<Record<string, string>>;
}

/**
 * The overrides in the file that the environment names; undefined when it names none. Throws one sentence that names
 * every field that cannot be used.
 */
export function overridesIn<Overrides>(env: Environment, policyFile: PolicyFile<Overrides>): Overrides | undefined {
  const file = env[policyFile.variable];
  if (!file) return undefined;
  const name = `${policyFile.title} in ${file} (${policyFile.variable})`;
  const parsed = policyFile.schema.safeParse(policyJson(file, name));
  if (parsed.success) return parsed.data;
  throw new Error(`${name} cannot be used: ${sentenceOf(parsed.error, policyFile.possible)}.`);
}

function policyJson(file: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${name} ${error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'}.`, { cause: error });
  }
}

/** Names every wrong field with what it must be, and every unknown field with the possible ones. */
function sentenceOf({ issues }: z.ZodError, possible: PolicyFile<unknown>['possible']): string {
  const told = issues.map((issue) => {
    const field = issue.path.join('.') || 'the policy';
    if (issue.code !== 'unrecognized_keys') return `${field} ${issue.message}`;
    const unknown = issue.keys.map((key) => JSON.stringify(key.slice(0, 64))).join(', ');
    return `${field} has no ${unknown}, only ${possible[field] ?? possible['']}`;
  });
  return told.join('; ');
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

const msOf = (text: string): number => {
  const [amount, unit = ''] = text.split(' ');
  return Number(amount) * (unitMs[unit === 'ms' ? unit : unit.replace(/s$/, '')] ?? 0);
};

const durationError = 'must be a length of time such as "90 seconds" or "3 days", longer than nothing';

/** A length of time in a policy. */
export const duration = z
  .string({ error: durationError })
  .regex(/^[1-9]\d{0,8} (ms|(second|minute|hour|day)s?)$/, { error: durationError })
  .transform((text) => text as Duration);

/** The instants of reminders, in rising order. */
export const reminders = z.array(duration, { error: 'must be a list of lengths of time' }).refine(isRising, {
  error: 'must rise: each reminder comes after the one before',
});

function isRising(durations: readonly string[]): boolean {
  return durations.every((text, index) => index === 0 || msOf(text) > msOf(durations[index - 1] ?? ''));
}

/** The sentence for a value that is no object. */
export const onlyAnObject = {
  error: (issue: { readonly code?: string }) => (issue.code === 'invalid_type' ? 'must be an object' : undefined),
};
