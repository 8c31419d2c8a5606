import { loadOrderPolicy } from '../../config/order-policy.ts';
import type { OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import { sentenceOf, AppError } from '../../app/app-error.ts';

/** The policy the environment gives. Throws `AppError` that names every field of its file that cannot be used. */
export function givenPolicy(env: Readonly<Record<string, string | undefined>>): OrderPolicy {
  try {
    return loadOrderPolicy(env);
  } catch (error) {
    throw new AppError('bad-input', sentenceOf(error), { cause: error });
  }
}
