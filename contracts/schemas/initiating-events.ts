import type { z } from 'zod';
import type { EventBodies, InitiatingEventName } from '../initiating-events.ts';
import { addressChanged, customerRegistered } from './customer-events.ts';
import { placeOrder } from './place-order.ts';
import { problemsIn, type Problem } from './problem.ts';
import { returnRequested } from './return-requested.ts';

/** The schema of every initiating event, by its name in the catalogue. */
export const eventSchemas: { readonly [Name in InitiatingEventName]: z.ZodType<EventBodies[Name]> } = {
  'customer-registered': customerRegistered,
  'address-changed': addressChanged,
  'place-order': placeOrder,
  'return-requested': returnRequested,
};

/** The schemas that somebody reads by. */
export type EventSchemas = Readonly<Record<string, z.ZodType>>;

/** What reading an event's body came to. */
export type ParsedEvent<Body = unknown> =
  { readonly ok: true; readonly body: Body } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the body of an initiating event. Refuses what it does not know, and says of every problem which field it is in. */
export function parseEvent(name: string, input: unknown, schemas: EventSchemas = eventSchemas): ParsedEvent {
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (!schema) return { ok: false, problems: [{ field: 'ce-type', message: 'is not an event this shop knows' }] };
  const parsed = schema.safeParse(input);
  return parsed.success
    ? { ok: true, body: parsed.data }
    : { ok: false, problems: problemsIn(parsed.error, 'the event') };
}
