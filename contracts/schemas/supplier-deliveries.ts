import { z } from 'zod';
import type { StockDelivered } from '../outside/supplier-deliveries.ts';
import { token } from './order-fields.ts';
import { notAnObject } from './problem.ts';

const id = token(/^[\w-]{1,128}$/, 'must be 1 to 128 letters, digits, "_" or "-"');

const pieces = 'must be a whole number of pieces, 1 or more';
/** As many as PostgreSQL's column holds. */
const mostPieces = 2_147_483_647;

/** A delivery has to say this much. A newer supplier may say more. */
export const stockDelivered: z.ZodType<StockDelivered> = z.looseObject(
  { purchaseOrderId: id, deliveryId: id, quantity: z.int({ error: pieces }).min(1, pieces).max(mostPieces, pieces) },
  { error: notAnObject },
);
