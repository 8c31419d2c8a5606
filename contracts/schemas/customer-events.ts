import { z } from 'zod';
import type { AddressChanged, CustomerRegistered } from '../customers.ts';
import { address, customerId, oneLine, token } from './order-fields.ts';
import { notAnObject } from './problem.ts';

/** Lower case, so that one mailbox is one address here; no more is asked of it than that a mail server may take it. */
const email = token(
  /^(?=.{3,254}$)[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/,
  'must be an e-mail address in lower case, as in anna@example.com',
);

export const customerRegistered: z.ZodType<CustomerRegistered> = z.strictObject(
  { customerId, name: oneLine(200), email },
  { error: notAnObject },
);

export const addressChanged: z.ZodType<AddressChanged> = z.strictObject(
  { customerId, address },
  { error: notAnObject },
);
