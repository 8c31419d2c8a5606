import { requestOfCreate } from '../../contracts/ids.ts';
import { shippingZones } from '../../contracts/address.ts';
import type { CancelOrder, CreateOrder, OrderCancelled, OrderCreated } from '../../contracts/order-placement.ts';
import { bool, nullable } from '../../prisma/codec.ts';
import { refusalColumn, storedColumns, triedColumns } from '../../prisma/outcome.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { titlesRefused } from './titles.ts';

/** Prices and writes an order with its answer and fact. An unknown customer or title leaves no row at all. */
export const createOrder = statement(
  'order-placement.create-order',
  { ...triedColumns<OrderCreated>(), undone: nullable(bool), otherwise: refusalColumn },
  ({ requestId, orderId, customerId, lines, shipTo, currency }: CreateOrder) => sql`
  WITH priced AS (
    SELECT given.line->>'isbn' AS isbn, (given.line->>'quantity')::int AS quantity, given.position, title.title, price.amount,
      ${currency}::text AS currency
    FROM jsonb_array_elements(${JSON.stringify(lines)}::jsonb) WITH ORDINALITY AS given(line, position)
    LEFT JOIN order_placement.title ON title.isbn = given.line->>'isbn'
    LEFT JOIN order_placement.price ON price.isbn = title.isbn AND price.currency = ${currency}
  ), customer AS (
    SELECT name, email FROM order_placement.customer WHERE customer_id = ${customerId}
  ), possible AS (
    SELECT customer.name, customer.email, rate.amount AS shipping, rate.amount + sum(priced.amount::bigint * priced.quantity) AS total,
      jsonb_agg(jsonb_build_object('isbn', isbn, 'quantity', quantity, 'title', title,
        'unitPrice', jsonb_build_object('amount', priced.amount, 'currency', ${currency}::text)) ORDER BY position) AS lines
    FROM priced, customer, order_placement.shipping_rate AS rate
    WHERE rate.zone = ${shippingZones[shipTo.country]} AND rate.currency = ${currency}
    GROUP BY customer.name, customer.email, rate.amount
    HAVING bool_and(priced.amount IS NOT NULL)
  ), guard AS (
    INSERT INTO order_placement.guard (order_id) SELECT ${orderId} FROM possible
    ON CONFLICT (order_id) DO UPDATE SET order_id = excluded.order_id RETURNING undone
  ), stored AS (
    INSERT INTO order_placement.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'create-order', jsonb_build_object('orderId', ${orderId}::text, 'lines', lines,
      'shipping', jsonb_build_object('amount', shipping, 'currency', ${currency}::text),
      'total', jsonb_build_object('amount', total, 'currency', ${currency}::text),
      'customer', jsonb_build_object('name', name, 'email', email))
    FROM possible, guard WHERE NOT guard.undone
    ON CONFLICT DO NOTHING RETURNING answer
  ), placed AS (
    INSERT INTO order_placement.placed_order (order_id, customer_id, ship_to, currency, shipping_amount, total_amount)
    SELECT ${orderId}, ${customerId}, ${JSON.stringify(shipTo)}::jsonb, ${currency}, shipping, total FROM possible, stored
    RETURNING order_id
  ), lined AS (
    INSERT INTO order_placement.order_line (order_id, isbn, title, quantity, unit_amount)
    SELECT ${orderId}, isbn, title, quantity, amount FROM priced, stored
  ), fact AS (
    SELECT outbox.record_fact('orders', 'order-created', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'customerId', ${customerId}::text, 'country', ${shipTo.country}::text, 'lines', stored.answer->'lines',
      'total', stored.answer->'total'), ${requestId}, ${requestOfCreate(requestId)}) AS sequence
    FROM placed, stored
  )
  SELECT guard.undone, stored.answer, fact.sequence, unknown.refusal AS otherwise
  FROM (${unknown(customerId)}) AS unknown LEFT JOIN guard ON true LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);

/** The refusal of an order that cannot be written, from the CTEs of its creation; null when it can be. */
const unknown = (customerId: string): Sql => sql`
  SELECT CASE
    WHEN NOT EXISTS (SELECT FROM customer)
      THEN jsonb_build_object('type', 'UnknownCustomer', 'details', jsonb_build_object('customerId', ${customerId}::text))
    ELSE (SELECT jsonb_set(refused.refusal, '{details,customer}', jsonb_build_object('name', customer.name, 'email', customer.email))
      FROM (${titlesRefused}) AS refused (refusal), customer)
  END AS refusal`;

/** Marks an order cancelled, with answer and fact; runs behind its tombstone. */
export const cancelOrder = statement(
  'order-placement.cancel-order',
  storedColumns<OrderCancelled>(),
  ({ requestId, orderId, reason }: CancelOrder) => sql`
  WITH placed AS (
    SELECT order_id FROM order_placement.placed_order WHERE order_id = ${orderId} AND cancelled_at IS NULL FOR UPDATE
  ), stored AS (
    INSERT INTO order_placement.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'cancel-order', jsonb_build_object('cancelled', EXISTS (SELECT FROM placed))
    ON CONFLICT DO NOTHING RETURNING answer
  ), cancelled AS (
    UPDATE order_placement.placed_order AS o SET cancelled_at = now(), cancel_reason = ${reason}
    FROM placed, stored WHERE o.order_id = placed.order_id
    RETURNING o.order_id
  ), fact AS (
    SELECT outbox.record_fact('orders', 'order-cancelled', order_id,
      jsonb_build_object('orderId', order_id, 'reason', ${reason}::text), ${requestId}) AS sequence
    FROM cancelled
  )
  SELECT stored.answer, fact.sequence
  FROM stored LEFT JOIN fact ON true`,
);
