import { z } from 'zod';
import type { ReturnRequested } from '../mediators/return-requested.ts';
import { customerId, lines, oneLine, requestId, token } from './order-fields.ts';
import { notAnObject } from './problem.ts';

export const returnRequested: z.ZodType<ReturnRequested> = z.strictObject(
  {
    requestId,
    orderId: token(/^ord-[0-9a-f]{20}$/, 'must be an order id, as in ord-0123456789abcdef0123'),
    customerId,
    lines,
    reason: oneLine(500),
  },
  { error: notAnObject },
);
