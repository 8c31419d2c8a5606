import type { AmendOrder, OrderAmended } from '../../contracts/order-placement.ts';
import { guardedColumns, lockGuard, refusalColumn } from '../../prisma/outcome.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { shippingZones } from '../../contracts/address.ts';
import { titlesRefused } from './titles.ts';

/**
 * Replaces lines, address and amounts of an order. A title that stays keeps its name and price, even when the catalogue
 * does not have it any more. Amendments of one order come one after another, because the mediator waits for each
 * answer: this statement need not see another that is under way.
 */
export const amendOrder = statement(
  'order-placement.amend-order',
  { ...guardedColumns<OrderAmended>(), otherwise: refusalColumn },
  (command: AmendOrder) => sql`
  WITH guard AS (${lockGuard('order_placement', command.orderId)}), ${prices(command)}, ${changes(command)}, fact AS (
    SELECT outbox.record_fact('orders', 'order-amended', ${command.orderId}, jsonb_build_object('orderId', ${command.orderId}::text,
      'country', ${command.shipTo.country}::text, 'lines', stored.answer->'lines', 'total', stored.answer->'total'),
      ${command.requestId}) AS sequence
    FROM stored WHERE EXISTS (SELECT FROM amended)
  )
  SELECT guard.undone, stored.answer, fact.sequence, (${titlesRefused}) AS otherwise
  FROM guard LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);

/** The lines with their prices, and the sums when every line has one. */
const prices = ({ orderId, lines, shipTo }: AmendOrder): Sql => sql`
  priced AS (
    SELECT given.line->>'isbn' AS isbn, (given.line->>'quantity')::int AS quantity, given.position,
      coalesce(kept.title, title.title) AS title, coalesce(kept.unit_amount, price.amount) AS amount, placed.currency
    FROM order_placement.placed_order AS placed
    CROSS JOIN jsonb_array_elements(${JSON.stringify(lines)}::jsonb) WITH ORDINALITY AS given(line, position)
    LEFT JOIN order_placement.order_line AS kept ON kept.order_id = placed.order_id AND kept.isbn = given.line->>'isbn'
    LEFT JOIN order_placement.title ON title.isbn = given.line->>'isbn'
    LEFT JOIN order_placement.price ON price.isbn = title.isbn AND price.currency = placed.currency
    WHERE placed.order_id = ${orderId}
  ), possible AS (
    SELECT currency, rate.amount AS shipping, rate.amount + sum(priced.amount::bigint * priced.quantity) AS total,
      jsonb_agg(jsonb_build_object('isbn', isbn, 'quantity', quantity, 'title', title,
        'unitPrice', jsonb_build_object('amount', priced.amount, 'currency', currency)) ORDER BY position) AS lines
    FROM priced JOIN order_placement.shipping_rate AS rate USING (currency)
    WHERE rate.zone = ${shippingZones[shipTo.country]}
    GROUP BY currency, rate.amount
    HAVING bool_and(priced.amount IS NOT NULL)
  )`;

/** The answer, and what it changes. */
const changes = ({ requestId, orderId, shipTo }: AmendOrder): Sql => sql`
  stored AS (
    INSERT INTO order_placement.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'amend-order', jsonb_build_object('lines', lines,
      'shipping', jsonb_build_object('amount', shipping, 'currency', currency),
      'total', jsonb_build_object('amount', total, 'currency', currency))
    FROM possible, guard WHERE NOT guard.undone
    ON CONFLICT DO NOTHING RETURNING answer
  ), amended AS (
    UPDATE order_placement.placed_order AS o
    SET ship_to = ${JSON.stringify(shipTo)}::jsonb, shipping_amount = possible.shipping, total_amount = possible.total
    FROM possible, stored WHERE o.order_id = ${orderId}
    RETURNING o.order_id
  ), dropped AS (
    DELETE FROM order_placement.order_line AS l USING stored
    WHERE l.order_id = ${orderId} AND l.isbn NOT IN (SELECT isbn FROM priced)
  ), lined AS (
    INSERT INTO order_placement.order_line (order_id, isbn, title, quantity, unit_amount)
    SELECT ${orderId}, isbn, title, quantity, amount FROM priced, stored
    ON CONFLICT (order_id, isbn) DO UPDATE SET quantity = excluded.quantity
  )`;
