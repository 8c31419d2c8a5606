import type { Pool } from 'pg';

/** Orders in the database, with the customers, facts, mails and events that belong to them. */
export const filled = { orders: 100_000, customers: 10_000, factsOfEach: 6, mailsOfEach: 3 };

/**
 * 100,000 orders by SQL, three a second up to an hour ago: one in a hundred is held, as many are open, five in a
 * hundred were cancelled, the rest are completed.
 */
export async function fill(sql: Pool): Promise<void> {
  for (const statement of statements) await sql.query(statement);
  await sql.query('ANALYZE');
}

const statements: readonly string[] = [
  `INSERT INTO order_placement.customer (customer_id, name, email)
   SELECT 'lab-' || n, 'Lab Customer ' || n, 'lab-' || n || '@example.com' FROM generate_series(0, ${filled.customers - 1}) AS n`,
  `INSERT INTO mediator_store.flow (request_id, workflow_id, event_name, mediator_class, body_hash, customer_id, order_id, state,
     received_at, finished_at, open_holds, total_amount, currency)
   SELECT 'request-' || n, 'order/request-' || n, 'place-order', 'hard', md5(n::text), 'lab-' || n % ${filled.customers},
     'ord-' || substr(md5(n::text), 1, 20), state, at, CASE WHEN state IN ('held', 'open') THEN NULL ELSE at + interval '1 second' END,
     CASE WHEN state = 'held' THEN ARRAY['hold-' || n] ELSE ARRAY[]::text[] END, 4599, 'EUR'
   FROM generate_series(1, ${filled.orders}) AS n,
     LATERAL (SELECT now() - interval '1 hour' - n / 3 * interval '1 second' AS at,
       CASE WHEN n % 100 = 0 THEN 'held' WHEN n % 100 = 1 THEN 'open' WHEN n % 100 < 7 THEN 'cancelled' ELSE 'completed' END AS state) AS of`,
  `INSERT INTO mediator_store.hold (hold_id, order_id, reason, step, command, message, help, since)
   SELECT id, order_id, CASE WHEN right(id, 3) < '300' THEN 'stock' ELSE 'payment' END, 2, 'apply-payment', '', '', received_at
   FROM mediator_store.flow, unnest(open_holds) AS id`,
  `INSERT INTO order_placement.placed_order (order_id, customer_id, ship_to, currency, shipping_amount, total_amount)
   SELECT order_id, customer_id, '{"name": "Lab", "street": "1 Bench Road", "city": "Berlin", "postcode": "10115", "country": "DE"}', 'EUR', 499, 4599
   FROM mediator_store.flow`,
  `INSERT INTO order_placement.order_line (order_id, isbn, title, quantity, unit_amount)
   SELECT order_id, '9780134685991', 'Effective Java', 1, 4100 FROM mediator_store.flow`,
  `INSERT INTO outbox.fact (id, key, area, name, epoch, sequence, body, stream_sequence, published_at)
   SELECT gen_random_uuid(), order_id, 'orders',
     (ARRAY['order-created', 'email-sent', 'payment-applied', 'inventory-updated', 'order-fulfilled', 'order-shipped'])[n], 1, n, '{}', n, received_at
   FROM mediator_store.flow, generate_series(1, ${filled.factsOfEach}) AS n`,
  `INSERT INTO notification.mail (request_id, order_id, customer_id, kind, message_id, intended_at, sent_at)
   SELECT order_id || '/email-customer/' || kind || '/1', order_id, customer_id, kind, md5(order_id || kind), received_at, received_at
   FROM mediator_store.flow, unnest(ARRAY['confirmation', 'ready-to-ship', 'shipped']) AS kind`,
  `INSERT INTO mediator_store.initiating_event (source, event_id, name, mediator_class, customer_id, body_hash, workflow_id, state,
     received_at, started_at, completed_at)
   SELECT 'client', request_id, 'place-order', 'hard', customer_id, body_hash, workflow_id, CASE WHEN finished_at IS NULL THEN 'started' ELSE 'complete' END,
     received_at, received_at, finished_at
   FROM mediator_store.flow`,
];
