import { requestOfEvent } from '../../contracts/ids.ts';
import type { ChangeEmail, EmailStored, MarkUnreachable, ReachKnown } from '../../contracts/order-placement.ts';
import { refusalColumn, triedColumns } from '../../prisma/outcome.ts';
import { sql, toMicroseconds } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { answeredOnce, happenedOnce, unknownCustomer } from './customers.ts';

/**
 * Applies only the first time: a repeat that comes after a later change must not bring the old address back, and
 * neither must an event that happened before it. The customer counts as reachable at a new address; one that is stored
 * already changes nothing.
 */
export const changeEmail = statement(
  'order-placement.change-email',
  { ...triedColumns<EmailStored>(), otherwise: refusalColumn },
  ({ requestId, customerId, email, happenedAt }: ChangeEmail) => sql`
  WITH ${happenedOnce(happenedAt)}, ${answeredOnce('change-email', { requestId, customerId })}, told AS (
    UPDATE order_placement.customer AS c SET email = ${email}, email_happened_at = happened.at,
      email_at = CASE WHEN c.email = ${email} THEN c.email_at ELSE now() END,
      unreachable_since = CASE WHEN c.email = ${email} THEN c.unreachable_since END
    FROM stored, happened
    WHERE c.customer_id = ${customerId} AND (c.email_happened_at IS NULL OR c.email_happened_at <= happened.at)
    RETURNING c.customer_id, c.email
  ), fact AS (
    SELECT outbox.record_fact('customers', 'customer-email-changed', customer_id, jsonb_build_object('customerId', customer_id),
      ${requestId}, ${requestOfEvent(requestId)}) AS sequence
    FROM told JOIN customer USING (customer_id) WHERE told.email <> customer.email
  )
  SELECT stored.answer, fact.sequence, ${unknownCustomer(customerId)} AS otherwise
  FROM (SELECT) AS always LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);

/**
 * The mail went to the address that the customer had when its order was placed, or else when it was sent. When the
 * address has changed since, it is not known yet if the new one is reached.
 */
export const markUnreachable = statement(
  'order-placement.mark-unreachable',
  { ...triedColumns<ReachKnown>(), otherwise: refusalColumn },
  ({ requestId, customerId, since, orderId }: MarkUnreachable) => sql`
  WITH ${answeredOnce('mark-unreachable', { requestId, customerId })}, marked AS (
    UPDATE order_placement.customer AS c SET unreachable_since = ${since}::timestamptz
    FROM stored
    WHERE c.customer_id = ${customerId} AND c.unreachable_since IS NULL AND (c.email_at IS NULL OR c.email_at <
      coalesce((SELECT created_at FROM order_placement.placed_order WHERE order_id = ${orderId ?? null}), ${since}::timestamptz))
    RETURNING c.customer_id, c.unreachable_since
  ), fact AS (
    SELECT outbox.record_fact('customers', 'customer-marked-unreachable', customer_id,
      jsonb_build_object('customerId', customer_id, 'since', ${toMicroseconds('unreachable_since')}),
      ${requestId}, ${requestOfEvent(requestId)}) AS sequence
    FROM marked
  )
  SELECT stored.answer, fact.sequence, ${unknownCustomer(customerId)} AS otherwise
  FROM (SELECT) AS always LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);
