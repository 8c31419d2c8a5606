import { z } from 'zod';
import type { AddressChanged, CustomerRegistered } from '../mediators/customers.ts';
import { address, customerId, oneLine, token } from './order-fields.ts';
import { notAnObject } from './problem.ts';

/** Lower case, so that one mailbox is one address here; no more is asked of it than that a mail server may take it. */
const email = token(
  /^(?=.{3,254}$)[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/,
  'must be an e-mail address in lower case, as in anna@example.com',
);

/**
 * A new customer's id becomes the key of facts: each part between dots is a part of their subject, and no order and no title may have the same key.
 */
const newCustomerId = customerId
  .refine((id) => id.split('.').every((part) => part !== ''), {
    error: 'must not begin or end with a dot, nor have two in a row',
  })
  .refine((id) => !/^(ord-[0-9a-f]{20}|97[89]\d{10})$/.test(id), { error: 'must not be an order id or an ISBN' });

export const customerRegistered: z.ZodType<CustomerRegistered> = z.strictObject(
  { customerId: newCustomerId, name: oneLine(200), email },
  { error: notAnObject },
);

export const addressChanged: z.ZodType<AddressChanged> = z.strictObject(
  { customerId, address },
  { error: notAnObject },
);
