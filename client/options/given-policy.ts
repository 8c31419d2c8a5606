import { loadOrderPolicy } from '../../config/order-policy.ts';
import type { OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import { sentenceOf, Trouble } from '../../app/trouble.ts';

/** The policy the environment gives. Throws `Trouble` that names every field of its file that cannot be used. */
export function givenPolicy(env: Readonly<Record<string, string | undefined>>): OrderPolicy {
  try {
    return loadOrderPolicy(env);
  } catch (error) {
    throw new Trouble('bad-input', sentenceOf(error), { cause: error });
  }
}
