import { z } from 'zod';
import { currencies } from '../money.ts';
import type { PlaceOrder } from '../place-order.ts';
import { address, card, customerId, lines, requestId } from './order-fields.ts';
import { notAnObject, problemsIn, type Problem } from './problem.ts';

/** What reading an order from outside came to. */
export type ParsedPlaceOrder =
  { readonly ok: true; readonly event: PlaceOrder } | { readonly ok: false; readonly problems: readonly Problem[] };

/** The schema of `place-order`. */
export const placeOrder = z.strictObject(
  {
    requestId,
    customerId,
    lines,
    card,
    shipTo: address,
    currency: z.enum(currencies, { error: `must be one of ${currencies.join(', ')}` }),
  },
  { error: notAnObject },
);

/** Reads a `place-order` from outside. Refuses what it does not know, and says of every problem which field it is in. */
export function parsePlaceOrder(input: unknown): ParsedPlaceOrder {
  const parsed = placeOrder.safeParse(input);
  return parsed.success
    ? { ok: true, event: parsed.data }
    : { ok: false, problems: problemsIn(parsed.error, 'the order') };
}
