import type { CloseReturn, OpenReturn, ReturnClosed, ReturnOpened } from '../../contracts/order-placement.ts';
import { text } from '../../prisma/codec.ts';
import { refusalColumn, storedColumns, triedColumns } from '../../prisma/outcome.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/**
 * Commands about the returns of one order run one at a time: each has to see the copies that the one before has set
 * aside.
 */
export const lockReturns = statement(
  'order-placement.lock-returns',
  { order_id: text },
  (orderId: string) => sql`SELECT order_id FROM order_placement.guard WHERE order_id = ${orderId} FOR UPDATE`,
);

/** Sets aside the copies of a return, with answer and fact; a refusal leaves no trace. Runs under `lockReturns`. */
export const openReturn = statement(
  'order-placement.open-return',
  { ...triedColumns<ReturnOpened>(), otherwise: refusalColumn },
  (command: OpenReturn) => sql`
  WITH ${returnable(command)}, stored AS (
    INSERT INTO order_placement.answer (request_id, order_id, command, answer)
    SELECT ${command.requestId}, ${command.orderId}, 'open-return', jsonb_build_object(
      'lines', (SELECT jsonb_agg(jsonb_build_object('isbn', isbn, 'quantity', quantity, 'title', title,
        'unitPrice', jsonb_build_object('amount', unit_amount, 'currency', placed.currency)) ORDER BY position) FROM line),
      'shipping', jsonb_build_object('amount', shipping_amount, 'currency', placed.currency),
      'customer', jsonb_build_object('name', name, 'email', email))
    FROM placed, verdict WHERE why IS NULL
    ON CONFLICT DO NOTHING RETURNING answer
  ), set_aside AS (
    INSERT INTO order_placement.return_line (return_id, order_id, isbn, quantity)
    SELECT ${command.returnId}, ${command.orderId}, isbn, quantity FROM line, stored
  ), fact AS (
    SELECT outbox.record_fact('orders', 'return-opened', ${command.orderId}, jsonb_build_object('orderId', ${command.orderId}::text,
      'returnId', ${command.returnId}::text, 'lines', ${JSON.stringify(command.lines)}::jsonb), ${command.requestId}, ${command.returnId}) AS sequence
    FROM stored
  )
  SELECT stored.answer, fact.sequence, CASE WHEN why IS NOT NULL THEN
    jsonb_build_object('type', 'NotReturnable', 'details', jsonb_build_object('orderId', ${command.orderId}::text, 'why', why, 'lines',
      (SELECT COALESCE(jsonb_agg(jsonb_build_object('isbn', isbn, 'asked', quantity, 'possible', possible, 'bought', bought) ORDER BY position), '[]')
        FROM line WHERE why = 'too-many' AND quantity > possible))) END AS otherwise
  FROM verdict LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);

/**
 * The returnable copies of every title of a return, and the reason for a refusal. Copies of open returns and accepted
 * copies are not returnable any more.
 */
const returnable = ({ orderId, customerId, lines, isCompleted }: OpenReturn): Sql => sql`
  placed AS (
    SELECT currency, shipping_amount, cancelled_at, name, email
    FROM order_placement.placed_order JOIN order_placement.customer USING (customer_id)
    WHERE order_id = ${orderId} AND customer_id = ${customerId}
  ), line AS (
    SELECT given.line->>'isbn' AS isbn, (given.line->>'quantity')::int AS quantity, given.position, bought.title, bought.unit_amount,
      coalesce(bought.quantity, 0) AS bought, coalesce(bought.quantity, 0) - (
        SELECT coalesce(sum(coalesce(accepted, quantity)), 0) FROM order_placement.return_line AS gone
        WHERE gone.order_id = ${orderId} AND gone.isbn = given.line->>'isbn'
      )::int AS possible
    FROM jsonb_array_elements(${JSON.stringify(lines)}::jsonb) WITH ORDINALITY AS given(line, position)
    LEFT JOIN order_placement.order_line AS bought ON bought.order_id = ${orderId} AND bought.isbn = given.line->>'isbn'
  ), verdict AS (
    SELECT CASE
      WHEN NOT EXISTS (SELECT FROM placed) THEN 'unknown-order'
      WHEN EXISTS (SELECT FROM placed WHERE cancelled_at IS NOT NULL) THEN 'cancelled'
      WHEN NOT ${isCompleted}::boolean THEN 'not-completed'
      WHEN EXISTS (SELECT FROM line WHERE quantity > possible) THEN 'too-many' END AS why
  )`;

/**
 * Records the accepted copies, with answer and fact, and computes whether the whole order has gone back. Runs under
 * `lockReturns`.
 */
export const closeReturn = statement(
  'order-placement.close-return',
  storedColumns<ReturnClosed>(),
  ({ requestId, orderId, returnId, outcome, accepted }: CloseReturn) => sql`
  WITH due AS (
    SELECT true AS due WHERE NOT EXISTS (SELECT FROM order_placement.answer WHERE request_id = ${requestId})
  ), given AS (
    SELECT line->>'isbn' AS isbn, (line->>'quantity')::int AS quantity FROM jsonb_array_elements(${JSON.stringify(accepted)}::jsonb) AS line
  ), closed AS (
    UPDATE order_placement.return_line AS line
    SET accepted = coalesce((SELECT quantity FROM given WHERE given.isbn = line.isbn), 0)
    FROM due WHERE return_id = ${returnId} RETURNING line.accepted
  ), tally AS (
    SELECT coalesce((SELECT sum(accepted) FROM closed), 0) AS now,
      (SELECT coalesce(sum(accepted), 0) FROM order_placement.return_line WHERE order_id = ${orderId} AND return_id <> ${returnId}) AS before,
      (SELECT sum(quantity) FROM order_placement.order_line WHERE order_id = ${orderId}) AS bought
  ), stored AS (
    INSERT INTO order_placement.answer (request_id, order_id, command, answer)
    SELECT ${requestId}, ${orderId}, 'close-return', jsonb_build_object('wholeOrder', now > 0 AND before + now = bought) FROM due, tally
    ON CONFLICT DO NOTHING RETURNING answer
  ), fact AS (
    SELECT outbox.record_fact('orders', 'return-closed', ${orderId}, jsonb_build_object('orderId', ${orderId}::text,
      'returnId', ${returnId}::text, 'outcome', ${outcome}::text, 'lines', ${JSON.stringify(accepted)}::jsonb),
      ${requestId}, ${returnId}) AS sequence
    FROM stored
  )
  SELECT stored.answer, fact.sequence
  FROM stored LEFT JOIN fact ON true`,
);
