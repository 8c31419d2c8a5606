import { z } from 'zod';
import { readEnvironment, type Environment } from './environment.ts';
import { duration } from './policy-file.ts';

const declinesError = 'must be a whole number from 2 to 1000';

const environment = z.object({
  FRAUD_DECLINES: z.coerce
    .number({ error: declinesError })
    .int(declinesError)
    .min(2, declinesError)
    .max(1000, declinesError)
    .default(3),
  FRAUD_WITHIN: duration.default('10 minutes'),
});

/**
 * Reads what the listener `fraud-watch` takes for fraud: so many declined cards of one customer, within so long. Fails
 * with one sentence that lists every name that is wrong.
 */
export function loadFraudConfig(env: Environment) {
  const { FRAUD_DECLINES: declines, FRAUD_WITHIN: within } = readEnvironment(environment, env);
  return { declines, within };
}
