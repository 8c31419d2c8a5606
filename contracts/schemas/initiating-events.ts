import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { idPatterns } from '../ids.ts';
import type { EventBodies, InitiatingEventName } from '../initiating-events.ts';
import type { ReturnRequested } from '../mediators/returns.ts';
import type { PlaceOrder } from '../place-order.ts';
import { address, card, currency, customerId, lines, oneLine, requestId, strictObject, token } from './order-fields.ts';
import { isInstant } from '../reading/instant.ts';
import { problemsIn, type Problem } from './problem.ts';
import type {
  AddressChanged,
  CustomerRegistered,
  CustomerUnreachable,
  EmailChanged,
  MailBounced,
} from '../mediators/customer-mediator.ts';

/**
 * A mail address in lower case, so that one mailbox is one address here, in the form that mail servers take (RFC 5321:
 * words between single dots, host names that begin and end with a letter or digit, and a top-level domain that is no
 * number, as in an address of the network). One may still refuse it.
 */
const email = token(
  /^(?=.{3,254}$)(?=[^@]{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  'must be an e-mail address in lower case, as in anna@example.com',
);

/** A new customer's id becomes the key of facts: no order and no title may have the same key. */
const newCustomerId = customerId.refine((id) => !idPatterns.orderId.test(id) && !idPatterns.isbn.test(id), {
  error: 'must not be an order id or an ISBN',
});

const customerRegistered: z.ZodType<CustomerRegistered> = strictObject({
  customerId: newCustomerId,
  name: oneLine(200),
  email,
});

const addressChanged: z.ZodType<AddressChanged> = strictObject({ customerId, address });

const emailChanged: z.ZodType<EmailChanged> = strictObject({ customerId, email });

const mailBounced: z.ZodType<MailBounced> = strictObject({
  customerId,
  messageId: token(/^<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>$/, 'must be a Message-ID in angle brackets'),
  status: token(/^[45](\.\d{1,3}){2}$/, 'must be a status code of a failed delivery (RFC 3463), as in 5.1.1'),
});

const orderId = token(idPatterns.orderId, 'must be an order id, as in ord-0123456789abcdef0123');

const anInstant = 'must be an instant since 1970 in UTC, as in 2026-11-23T10:00:00Z';
const instant = token(/^(19[7-9]|[2-9]\d\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, anInstant).refine(isInstant, {
  error: anInstant,
});

const customerUnreachable: z.ZodType<CustomerUnreachable> = strictObject({
  customerId,
  since: instant,
  orderId: orderId.exactOptional(),
});

const placeOrder: z.ZodType<PlaceOrder> = strictObject({
  requestId,
  customerId,
  lines,
  card,
  shipTo: address,
  currency,
});

const returnRequested: z.ZodType<ReturnRequested> = strictObject({
  requestId,
  orderId,
  customerId,
  lines,
  reason: oneLine(500),
});

/** The schema of every initiating event, by its name in the catalogue. */
export const eventSchemas: { readonly [Name in InitiatingEventName]: z.ZodType<EventBodies[Name]> } = {
  'customer-registered': customerRegistered,
  'address-changed': addressChanged,
  'email-changed': emailChanged,
  'mail-bounced': mailBounced,
  'customer-unreachable': customerUnreachable,
  'place-order': placeOrder,
  'return-requested': returnRequested,
};

/** Schemas of initiating events by name. */
export type EventSchemas = Readonly<Record<string, z.ZodType>>;

/** The checked body of an event, or everything that is wrong with it. */
export type ParsedEvent<Body = unknown> =
  { readonly ok: true; readonly body: Body } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the body of an initiating event. Refuses unknown fields, and names the field of every problem. */
export function parseEvent(name: string, input: unknown, schemas: EventSchemas = eventSchemas): ParsedEvent {
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (!schema) return { ok: false, problems: [{ field: 'ce-type', message: 'is not an event this shop knows' }] };
  const parsed = schema.safeParse(input);
  return parsed.success
    ? { ok: true, body: parsed.data }
    : { ok: false, problems: problemsIn(parsed.error, 'the event') };
}

/** A checked order, or everything that is wrong with it. */
export type ParsedPlaceOrder =
  { readonly ok: true; readonly event: PlaceOrder } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a `place-order` from outside, as `parseEvent` does, in words for the person who orders. */
export function parsePlaceOrder(input: unknown): ParsedPlaceOrder {
  const parsed = placeOrder.safeParse(input);
  return parsed.success
    ? { ok: true, event: parsed.data }
    : { ok: false, problems: problemsIn(parsed.error, 'the order') };
}

/** SHA-256, hexadecimal, of an event's canonical JSON (RFC 8785). The order of its fields does not change it. */
export const bodyHash = (event: unknown): string =>
  createHash('sha256')
    .update(canonicalize(event) ?? '')
    .digest('hex');
