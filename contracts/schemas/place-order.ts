import { z } from 'zod';
import { currencies } from '../money.ts';
import type { PlaceOrder } from '../place-order.ts';
import { address, card, lines, token } from './order-fields.ts';
import { notAnObject, problemsIn, type Problem } from './problem.ts';

/** What reading an order from outside came to. */
export type ParsedPlaceOrder =
  { readonly ok: true; readonly event: PlaceOrder } | { readonly ok: false; readonly problems: readonly Problem[] };

const placeOrder = z.strictObject(
  {
    requestId: token(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 letters, digits, "_" or "-"'),
    customerId: token(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"'),
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
