import type { Duration } from '../../contracts/duration.ts';
import { arrayOf, bool, int, text } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/*
 * The listener's windows. They are by the facts' times, never by the clock: facts that are heard late, or again after a
 * restart, make the same windows.
 */

/** So many declined cards of one customer, within so long, are a suspicion. */
export interface Rule {
  readonly declines: number;
  readonly within: Duration;
}

/** A fact may be heard that much later than others of its customer; windows that ended before are of no use. */
const kept = '1 day';

/** At most so many old rows are removed at a time: each fact removes more than it adds. */
const removedAtOnce = 100;

export const tables = `
  CREATE TABLE IF NOT EXISTS fraud_watch.order (order_id text PRIMARY KEY, customer_id text NOT NULL);
  CREATE TABLE IF NOT EXISTS fraud_watch.customer (
    customer_id text PRIMARY KEY, heard_until timestamptz NOT NULL, told_since timestamptz);
  CREATE INDEX IF NOT EXISTS customer_heard ON fraud_watch.customer (heard_until);
  CREATE TABLE IF NOT EXISTS fraud_watch.decline (
    fact_id text PRIMARY KEY, customer_id text NOT NULL, order_id text NOT NULL, declined_at timestamptz NOT NULL);
  CREATE INDEX IF NOT EXISTS decline_of_customer ON fraud_watch.decline (customer_id, declined_at);
  CREATE INDEX IF NOT EXISTS decline_age ON fraud_watch.decline (declined_at)`;

/** A declined card. */
export interface Decline {
  readonly factId: string;
  readonly orderId: string;
  readonly customerId: string;
  /** ISO 8601. */
  readonly at: string;
}

/** `payment-denied` names no customer; the order's first fact does. */
export const keepOrder = statement(
  'fraud-watch.keep-order',
  {},
  (orderId: string, customerId: string) => sql`
    INSERT INTO fraud_watch.order (order_id, customer_id) VALUES (${orderId}, ${customerId}) ON CONFLICT (order_id) DO NOTHING`,
);

/** An order that has ended is charged no more. */
export const forgetOrder = statement(
  'fraud-watch.forget-order',
  {},
  (orderId: string) => sql`DELETE FROM fraud_watch.order WHERE order_id = ${orderId}`,
);

export const customerOf = statement(
  'fraud-watch.customer-of',
  { customerId: text },
  (orderId: string) => sql`SELECT customer_id AS "customerId" FROM fraud_watch.order WHERE order_id = ${orderId}`,
);

/**
 * Locks the customer until the transaction ends: two declines of different orders, heard at the same time, must see
 * each other. `isTold` when this instant is in the window that was told of last, or so shortly before it that it was
 * only heard late.
 */
export const hearCustomer = statement(
  'fraud-watch.hear-customer',
  { isTold: bool },
  ({ within }: Rule, { customerId, at }: Decline) => sql`
    INSERT INTO fraud_watch.customer AS customer (customer_id, heard_until) VALUES (${customerId}, ${at}::timestamptz)
    ON CONFLICT (customer_id) DO UPDATE SET heard_until = greatest(customer.heard_until, excluded.heard_until)
    RETURNING COALESCE(${at}::timestamptz BETWEEN told_since - ${within}::interval AND told_since + ${within}::interval, false) AS "isTold"`,
);

export const noteDecline = statement(
  'fraud-watch.note-decline',
  {},
  ({ factId, customerId, orderId, at }: Decline) => sql`
    INSERT INTO fraud_watch.decline (fact_id, customer_id, order_id, declined_at)
    VALUES (${factId}, ${customerId}, ${orderId}, ${at}::timestamptz) ON CONFLICT (fact_id) DO NOTHING`,
);

/** The oldest window with enough declines that this one is in; none when there are too few. */
export const burstWith = statement(
  'fraud-watch.burst-with',
  { declinedSince: text, orderIds: arrayOf(text), declines: int },
  ({ declines, within }: Rule, { customerId, at }: Decline) => sql`
    SELECT to_char(first.declined_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "declinedSince",
      array_agg(DISTINCT burst.order_id) AS "orderIds", count(*)::int AS declines
    FROM fraud_watch.decline AS first JOIN fraud_watch.decline AS burst ON burst.customer_id = first.customer_id
      AND burst.declined_at BETWEEN first.declined_at AND first.declined_at + ${within}::interval
    WHERE first.customer_id = ${customerId}
      AND first.declined_at BETWEEN ${at}::timestamptz - ${within}::interval AND ${at}::timestamptz
    GROUP BY first.fact_id, first.declined_at HAVING count(*) >= ${declines}
    ORDER BY first.declined_at LIMIT 1`,
);

/** The declines of a window that was told of count no more, and neither do those that are still to come in it. */
export const closeWindow = statement(
  'fraud-watch.close-window',
  {},
  ({ within }: Rule, customerId: string, since: string) => sql`
    WITH told AS (
      UPDATE fraud_watch.customer SET told_since = greatest(told_since, ${since}::timestamptz) WHERE customer_id = ${customerId})
    DELETE FROM fraud_watch.decline WHERE customer_id = ${customerId}
      AND declined_at BETWEEN ${since}::timestamptz AND ${since}::timestamptz + ${within}::interval`,
);

/** Rows that another process has locked are left to it: two that clean up never wait for each other. */
export const removeOld = statement(
  'fraud-watch.remove-old',
  {},
  ({ within }: Rule, now: string) => sql`
    WITH customers AS (
      DELETE FROM fraud_watch.customer WHERE customer_id IN (
        SELECT customer_id FROM fraud_watch.customer WHERE heard_until < ${now}::timestamptz - ${within}::interval - ${kept}::interval
        ORDER BY heard_until LIMIT ${removedAtOnce} FOR UPDATE SKIP LOCKED))
    DELETE FROM fraud_watch.decline WHERE fact_id IN (
      SELECT fact_id FROM fraud_watch.decline WHERE declined_at < ${now}::timestamptz - ${within}::interval - ${kept}::interval
      ORDER BY declined_at LIMIT ${removedAtOnce} FOR UPDATE SKIP LOCKED)`,
);
