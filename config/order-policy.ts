import { z } from 'zod';
import { holdReasons, type HoldReason } from '../contracts/mediators/holds.ts';
import { currencies } from '../contracts/money.ts';
import { reorderPolicies, type ReorderedBy } from '../contracts/inventory.ts';
import { lanes, type HoldPolicy, type Lane, type OrderPolicy } from '../contracts/mediators/order-policy.ts';
import { duration, onlyAnObject, overridesIn, wait } from './policy-file.ts';
import { commandRoutes, type CommandName } from '../contracts/command-routes.ts';

/** The shop's own policy, where `ORDER_POLICY_FILE` overrides nothing. */
const orderPolicy: OrderPolicy = {
  holds: {
    approval: { deadline: '7 days', reminders: ['1 day', '3 days', '6 days'] },
    payment: { deadline: '7 days', reminders: ['1 day', '3 days', '6 days'] },
    stock: { deadline: '14 days', reminders: ['3 days', '7 days', '13 days'] },
    address: { deadline: '7 days', reminders: ['1 day', '3 days', '6 days'] },
    packing: { deadline: '3 days', reminders: ['1 day', '2 days'] },
    fault: { deadline: '3 days', reminders: ['1 day', '2 days'] },
  },
  // A mail may wait longer for its server. A charge without an answer should be looked at sooner.
  retryFor: { default: '15 minutes', 'email-customer': '1 hour', 'apply-payment': '10 minutes' },
  approveAbove: { EUR: 200_000, USD: 200_000, GBP: 200_000 },
  reorderedBy: 'mediator',
};

/**
 * The shop's policy, with the parts that the JSON file named by `ORDER_POLICY_FILE` overrides. Throws one sentence that
 * names every field that cannot be used. Orders keep the policy they were placed with.
 */
export function loadOrderPolicy(env: Readonly<Record<string, string | undefined>>): OrderPolicy {
  const given = overridesIn(env, {
    title: 'The order policy',
    variable: 'ORDER_POLICY_FILE',
    schema: overrides,
    possible,
  });
  return given ? merged(given) : orderPolicy;
}

interface Overrides {
  readonly holds?: { readonly [Reason in HoldReason]?: Partial<HoldPolicy> };
  readonly retryFor?: Partial<OrderPolicy['retryFor']>;
  readonly approveAbove?: NonNullable<OrderPolicy['approveAbove']>;
  readonly reorderedBy?: ReorderedBy;
  readonly lane?: Lane;
}

/** Each part of a hold that is left out stays. Given reminders and limits replace all of them. */
function merged({ holds = {}, retryFor = {}, ...given }: Overrides): OrderPolicy {
  const reasons = Object.keys(orderPolicy.holds) as (keyof OrderPolicy['holds'])[];
  const merge = (reason: keyof OrderPolicy['holds']) => [reason, { ...orderPolicy.holds[reason], ...holds[reason] }];
  return {
    ...orderPolicy,
    ...given,
    holds: Object.fromEntries(reasons.map(merge)) as OrderPolicy['holds'],
    retryFor: { ...orderPolicy.retryFor, ...retryFor },
  };
}

const heldReasons = holdReasons.filter((reason) => reason !== 'compensation');
const limit = z.int({ error: 'must be a whole amount in minor units (cents, pence)' }).nonnegative({
  error: 'must not be negative',
});
const retryNames = ['default', ...(Object.keys(commandRoutes) as CommandName[])];

const overrides = z.strictObject(
  {
    holds: z
      .strictObject(Object.fromEntries(heldReasons.map((reason) => [reason, wait.optional()])), onlyAnObject)
      .optional(),
    retryFor: z
      .strictObject(Object.fromEntries(retryNames.map((name) => [name, duration.optional()])), onlyAnObject)
      .optional(),
    approveAbove: z
      .strictObject(Object.fromEntries(currencies.map((code) => [code, limit.optional()])), onlyAnObject)
      .optional(),
    reorderedBy: z.enum(reorderPolicies, { error: `must be one of ${reorderPolicies.join(', ')}` }).optional(),
    lane: z.enum(lanes, { error: `must be one of ${lanes.join(', ')}` }).optional(),
  },
  onlyAnObject,
);

const possible: Readonly<Record<string, string>> = {
  '': 'deadline, reminders',
  'the policy': 'holds, retryFor, approveAbove, reorderedBy, lane',
  holds: heldReasons.join(', '),
  retryFor: retryNames.join(', '),
  approveAbove: currencies.join(', '),
};
