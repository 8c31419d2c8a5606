import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { commandRoutes, type CommandName } from '../contracts/commands.ts';
import { holdReasons, type HoldReason } from '../contracts/holds.ts';
import type { Duration, HoldPolicy, OrderPolicy } from '../contracts/order-policy.ts';

/** How this shop deals with what goes wrong, unless `ORDER_POLICY_FILE` says otherwise. */
const orderPolicy: OrderPolicy = {
  holds: {
    payment: { deadline: '7 days', reminders: ['1 day', '3 days', '6 days'] },
    stock: { deadline: '14 days', reminders: ['3 days', '7 days', '13 days'] },
    address: { deadline: '7 days', reminders: ['1 day', '3 days', '6 days'] },
    packing: { deadline: '3 days', reminders: ['1 day', '2 days'] },
    fault: { deadline: '3 days', reminders: ['1 day', '2 days'] },
  },
  // A mail may wait for its server longer than the rest; a charge that hangs in the air is looked at sooner.
  retryFor: { default: '15 minutes', 'email-customer': '1 hour', 'apply-payment': '10 minutes' },
};

/**
 * The shop's policy, with the parts that the JSON file named by `ORDER_POLICY_FILE` overrides. Throws one sentence that names every field that
 * cannot be used. Orders keep the policy they were placed with.
 */
export function loadOrderPolicy(env: Readonly<Record<string, string | undefined>>): OrderPolicy {
  const file = env['ORDER_POLICY_FILE'];
  if (!file) return orderPolicy;
  const parsed = overrides.safeParse(jsonIn(file));
  if (!parsed.success) throw new Error(`${nameOf(file)} cannot be used: ${sentenceOf(parsed.error)}.`);
  return merged(parsed.data);
}

interface Overrides {
  readonly holds?: { readonly [Reason in HoldReason]?: Partial<HoldPolicy> };
  readonly retryFor?: Partial<OrderPolicy['retryFor']>;
}

/** What is left out of a hold stays; its reminders take the place of all of them. */
function merged({ holds = {}, retryFor = {} }: Overrides): OrderPolicy {
  const reasons = Object.keys(orderPolicy.holds) as (keyof OrderPolicy['holds'])[];
  const merge = (reason: keyof OrderPolicy['holds']) => [reason, { ...orderPolicy.holds[reason], ...holds[reason] }];
  return {
    holds: Object.fromEntries(reasons.map(merge)) as OrderPolicy['holds'],
    retryFor: { ...orderPolicy.retryFor, ...retryFor },
  };
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

const msOf = (duration: string): number => {
  const [amount, unit = ''] = duration.split(' ');
  return Number(amount) * (unitMs[unit === 'ms' ? unit : unit.replace(/s$/, '')] ?? 0);
};

const durationError = 'must be a length of time such as "90 seconds" or "3 days", longer than nothing';
const duration = z
  .string({ error: durationError })
  .regex(/^[1-9]\d{0,8} (ms|(second|minute|hour|day)s?)$/, { error: durationError })
  .transform((text) => text as Duration);

const reminders = z.array(duration, { error: 'must be a list of lengths of time' }).refine(isRising, {
  error: 'must rise: each reminder comes after the one before',
});

const onlyAnObject = {
  error: (issue: { readonly code?: string }) => (issue.code === 'invalid_type' ? 'must be an object' : undefined),
};
const hold = z.strictObject({ deadline: duration.optional(), reminders: reminders.optional() }, onlyAnObject);
const heldReasons = holdReasons.filter((reason) => reason !== 'undo');
const commands = ['default', ...(Object.keys(commandRoutes) as CommandName[])];

const overrides = z.strictObject(
  {
    holds: z
      .strictObject(Object.fromEntries(heldReasons.map((reason) => [reason, hold.optional()])), onlyAnObject)
      .optional(),
    retryFor: z
      .strictObject(Object.fromEntries(commands.map((name) => [name, duration.optional()])), onlyAnObject)
      .optional(),
  },
  onlyAnObject,
);

function isRising(durations: readonly string[]): boolean {
  return durations.every((text, index) => index === 0 || msOf(text) > msOf(durations[index - 1] ?? ''));
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new Error(`${nameOf(file)} ${why}.`, { cause: error });
  }
}

const nameOf = (file: string): string => `The order policy in ${file} (ORDER_POLICY_FILE)`;

/** Every field that is wrong, with what it must be; a name that there is not, with those that there are. */
function sentenceOf({ issues }: z.ZodError): string {
  const told = issues.map((issue) => {
    const field = issue.path.join('.') || 'the policy';
    if (issue.code !== 'unrecognized_keys') return `${field} ${issue.message}`;
    const unknown = issue.keys.map((key) => JSON.stringify(key.slice(0, 64))).join(', ');
    return `${field} has no ${unknown}, only ${possible[field] ?? 'deadline, reminders'}`;
  });
  return told.join('; ');
}

const possible: Readonly<Record<string, string>> = {
  'the policy': 'holds, retryFor',
  holds: heldReasons.join(', '),
  retryFor: commands.join(', '),
};
