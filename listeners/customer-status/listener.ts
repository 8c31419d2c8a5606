import { defineListener } from '../../broker-bridge/facts/listener.ts';
import type { FactBodies } from '../../contracts/fact-bodies.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/**
 * Keeps what an outside shop shows of every order: how far it is, what it waits for, and where its parcel is. A read
 * model: `npm run client -- listeners replay customer-status` makes it anew from the facts.
 */
export const listener = defineListener({
  name: 'customer-status',
  about: 'keeps what an outside shop shows its customers of each order',
  schema: 'customer_status',
  reads: {
    'order-created': ['orderId', 'customerId'],
    'payment-applied': [],
    'order-fulfilled': [],
    'order-shipped': ['carrier', 'trackingNumber'],
    'shipment-recalled': [],
    'order-held': ['reason'],
    'order-resumed': ['reason'],
    'order-cancelled': [],
    'order-completed': [],
    'order-restored': ['state', 'holds', 'facts', 'shipment'],
    'return-opened': [],
    'return-closed': ['outcome'],
  },
  follows: 'every-fact-of-a-key',
  replay: 'rebuild',
  tables: `CREATE TABLE IF NOT EXISTS customer_status.order (
    order_id text PRIMARY KEY, customer_id text NOT NULL, progress text NOT NULL, waits_for text[] NOT NULL DEFAULT '{}',
    carrier text, tracking_number text, since timestamptz NOT NULL);
    CREATE INDEX IF NOT EXISTS order_of_customer ON customer_status.order (customer_id, since)`,
  async apply(tx, fact) {
    const { key, name, time } = fact;
    switch (name) {
      case 'order-created':
        await tx.execute(beginOrder(key, fact.body.customerId, time));
        break;
      case 'order-held':
        await tx.execute(beginWaiting(key, waits[fact.body.reason], time));
        break;
      case 'order-resumed':
        await tx.execute(endWaiting(key, waits[fact.body.reason], time));
        break;
      case 'order-shipped':
        await tx.execute(ship(key, fact.body.carrier, fact.body.trackingNumber, time));
        break;
      case 'order-restored':
        await tx.execute(restore(key, restored(fact.body), time));
        break;
      case 'return-closed':
        await tx.execute(advance(key, fact.body.outcome === 'completed' ? 'returned' : 'on its way', time));
        break;
      case 'payment-applied':
        await tx.execute(startPacking(key, time));
        break;
      default:
        await tx.execute(advance(key, progressAfter[name], time));
    }
  },
});

/** The progress of an order, in words for its customer. */
const progressAfter = {
  'payment-applied': 'being packed',
  'order-fulfilled': 'packed',
  'shipment-recalled': 'packed',
  'order-cancelled': 'cancelled',
  'order-completed': 'on its way',
  'return-opened': 'on its way back',
} as const;

/**
 * An order after a restore is shown as far as the shop knows of it, or held up when it knows nothing. The outcome of an
 * earlier return is not in it.
 */
function restored({ state, holds, facts, shipment }: Omit<FactBodies['order-restored'], 'orderId'>): Restored {
  if (state === 'unknown') return { progress: 'received', waitsFor: [waits.fault], shipment: null };
  const known: Readonly<Record<string, string>> = {
    ...progressAfter,
    'order-shipped': 'on its way',
    'return-closed': 'on its way',
  };
  const progress = facts.flatMap((name) => (Object.hasOwn(known, name) ? [known[name] ?? ''] : [])).at(-1);
  return { progress: progress ?? progressOf[state], waitsFor: holds.map((reason) => waits[reason]), shipment };
}

/** For an order of which no fact is kept any more. */
const progressOf = {
  open: 'received',
  held: 'received',
  compensating: 'received',
  completed: 'on its way',
  cancelled: 'cancelled',
} as const;

/** The things that an order waits for, in words for its customer. */
const waits = {
  approval: 'a check by the shop',
  payment: 'another card',
  stock: 'a title to come in',
  address: 'another address',
  packing: 'a check by the shop',
  fault: 'a check by the shop',
  compensation: 'a check by the shop',
} as const;

export const beginOrder = statement(
  'customer-status.begin',
  {},
  (orderId: string, customerId: string, time: string) => sql`
    INSERT INTO customer_status.order (order_id, customer_id, progress, since) VALUES (${orderId}, ${customerId}, 'received', ${time}::timestamptz)
    ON CONFLICT (order_id) DO NOTHING`,
);

/** An order that ends waits for nothing. */
export const advance = statement(
  'customer-status.advance',
  {},
  (orderId: string, progress: string, time: string) => sql`
    UPDATE customer_status.order SET progress = ${progress}, since = ${time}::timestamptz,
      waits_for = CASE WHEN ${progress === 'cancelled'} THEN '{}' ELSE waits_for END
    WHERE order_id = ${orderId}`,
);

/** It may come late, from an outbox of its own: an order that is further already stays where it is. */
export const startPacking = statement(
  'customer-status.start-packing',
  {},
  (orderId: string, time: string) => sql`
    UPDATE customer_status.order SET progress = ${progressAfter['payment-applied']}, since = ${time}::timestamptz
    WHERE order_id = ${orderId} AND progress = 'received'`,
);

interface Restored {
  readonly progress: string;
  readonly waitsFor: readonly string[];
  readonly shipment: FactBodies['order-restored']['shipment'];
}

export const restore = statement(
  'customer-status.restore',
  {},
  (orderId: string, { progress, waitsFor, shipment }: Restored, time: string) => sql`
    UPDATE customer_status.order SET progress = ${progress}, waits_for = ${waitsFor}::text[], since = ${time}::timestamptz,
      carrier = ${shipment?.carrier ?? null}, tracking_number = ${shipment?.trackingNumber ?? null}
    WHERE order_id = ${orderId}`,
);

export const ship = statement(
  'customer-status.ship',
  {},
  (orderId: string, carrier: string, trackingNumber: string, time: string) => sql`
    UPDATE customer_status.order SET progress = 'on its way', carrier = ${carrier}, tracking_number = ${trackingNumber}, since = ${time}::timestamptz
    WHERE order_id = ${orderId}`,
);

export const beginWaiting = statement(
  'customer-status.begin-waiting',
  {},
  (orderId: string, what: string, time: string) => sql`
    UPDATE customer_status.order SET waits_for = array_append(waits_for, ${what}), since = ${time}::timestamptz WHERE order_id = ${orderId}`,
);

/** Two holds may wait for the same: one of them ends. */
export const endWaiting = statement(
  'customer-status.end-waiting',
  {},
  (orderId: string, what: string, time: string) => sql`
    UPDATE customer_status.order SET since = ${time}::timestamptz,
      waits_for = waits_for[:array_position(waits_for, ${what}) - 1] || waits_for[array_position(waits_for, ${what}) + 1:]
    WHERE order_id = ${orderId} AND ${what} = ANY (waits_for)`,
);
