import { z } from 'zod';
import { duration, onlyAnObject, overridesIn, reminders, wait } from './policy-file.ts';
import type { ReturnPolicy } from '../contracts/mediators/returns.ts';

/** The shop's own policy of returns, where `RETURN_POLICY_FILE` overrides nothing. */
const returnPolicy: ReturnPolicy = {
  approval: { deadline: '7 days', reminders: ['1 day', '3 days', '6 days'] },
  parcel: { deadline: '30 days', reminders: ['14 days', '27 days'] },
  inspection: { reminders: ['1 day', '3 days', '7 days'] },
  retryFor: '15 minutes',
};

/**
 * The shop's policy of returns, with the parts that the JSON file named by `RETURN_POLICY_FILE` overrides. Throws one
 * sentence that names every field that cannot be used. A return keeps the policy it was started with.
 */
export function loadReturnPolicy(env: Readonly<Record<string, string | undefined>>): ReturnPolicy {
  const file = { title: 'The return policy', variable: 'RETURN_POLICY_FILE', schema: overrides, possible };
  const given = overridesIn(env, file);
  if (!given) return returnPolicy;
  return {
    approval: { ...returnPolicy.approval, ...given.approval },
    parcel: { ...returnPolicy.parcel, ...given.parcel },
    inspection: { ...returnPolicy.inspection, ...given.inspection },
    retryFor: given.retryFor ?? returnPolicy.retryFor,
  };
}

interface Overrides {
  readonly approval?: Partial<ReturnPolicy['approval']>;
  readonly parcel?: Partial<ReturnPolicy['parcel']>;
  readonly inspection?: Partial<ReturnPolicy['inspection']>;
  readonly retryFor?: ReturnPolicy['retryFor'];
}

const overrides: z.ZodType<Overrides> = z.strictObject(
  {
    approval: wait.exactOptional(),
    parcel: wait.exactOptional(),
    inspection: z.strictObject({ reminders: reminders.exactOptional() }, onlyAnObject).exactOptional(),
    retryFor: duration.exactOptional(),
  },
  onlyAnObject,
);

const possible = {
  'the policy': 'approval, parcel, inspection, retryFor',
  inspection: 'reminders',
  '': 'deadline, reminders',
};
