import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { inMs, type Duration } from '../contracts/duration.ts';
import { readJson } from '../contracts/schemas/read-json.ts';

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
  const read = readJson(bytesOf(file, name), name);
  if (read.ok) return read.value;
  throw new Error(read.message);
}

function bytesOf(file: string, name: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${name} cannot be read.`, { cause: error });
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

/** In days. Instants stay within the years that Temporal, PostgreSQL and JavaScript can all hold. */
const longest = 3650;
const mostReminders = 50;

const durationError = 'must be a length of time such as "90 seconds" or "3 days", longer than nothing';
const tooLong = `must be no longer than ${longest} days`;

/** A length of time in a policy. */
export const duration = z
  .string({ error: durationError })
  .regex(/^[1-9]\d{0,14} (ms|(second|minute|hour|day)s?)$/, { error: durationError, abort: true })
  .transform((text) => text as Duration)
  .refine((given) => inMs(given) <= inMs(`${longest} days`), { error: tooLong });

const remindersError = `must be a list of up to ${mostReminders} lengths of time`;

/** The instants of reminders, in rising order. */
export const reminders = z
  .array(duration, { error: remindersError })
  .max(mostReminders, { error: remindersError })
  .refine(isRising, { error: 'must rise: each reminder comes after the one before' });

function isRising(durations: readonly Duration[]): boolean {
  return durations.every((given, index) => index === 0 || inMs(given) > inMs(durations[index - 1] ?? given));
}

/** The sentence for a value that is no object. */
export const onlyAnObject = {
  error: (issue: { readonly code?: string }) => (issue.code === 'invalid_type' ? 'must be an object' : undefined),
};

/** The overrides of a wait. A reminder that would never be sent is refused when both are given. */
export const wait = z
  .strictObject({ deadline: duration.exactOptional(), reminders: reminders.exactOptional() }, onlyAnObject)
  .refine(({ deadline, reminders: given = [] }) => !deadline || given.every((one) => inMs(one) < inMs(deadline)), {
    path: ['reminders'],
    error: 'must come before the deadline',
  });
