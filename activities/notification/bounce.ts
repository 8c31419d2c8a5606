import { requestOfEvent } from '../../contracts/ids.ts';
import type { RecordBounce } from '../../contracts/notification.ts';
import { bigintText, bool, nullable } from '../../prisma/codec.ts';
import { sql, toMicroseconds } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/**
 * Marks the mail as one that came back, with its fact; does nothing the second time, whatever the event. A mail may
 * come back before its sender has marked it sent.
 */
export const recordBounce = statement(
  'notification.record-bounce',
  { isKnown: bool, sequence: nullable(bigintText) },
  ({ requestId, customerId, messageId, status }: RecordBounce) => sql`
  WITH bounced AS (
    UPDATE notification.mail SET bounced_at = clock_timestamp(), bounce_status = ${status}
    WHERE message_id = ${messageId} AND customer_id = ${customerId} AND bounced_at IS NULL
    RETURNING order_id, kind, coalesce(sent_at, claimed_at, intended_at) AS sent_at
  ), fact AS (
    SELECT CASE WHEN order_id IS NULL
      THEN outbox.record_fact('customers', 'customer-email-bounced', ${customerId}, jsonb_build_object('customerId', ${customerId}::text) || mail,
        ${requestId}, ${requestOfEvent(requestId)})
      ELSE outbox.record_fact('orders', 'email-bounced', order_id, jsonb_build_object('orderId', order_id, 'customerId', ${customerId}::text) || mail,
        ${requestId}) END AS sequence
    FROM bounced, LATERAL (
      SELECT jsonb_build_object('kind', kind, 'status', ${status}::text, 'sentAt', ${toMicroseconds('sent_at')}) AS mail) AS about
  )
  SELECT EXISTS (SELECT FROM notification.mail WHERE message_id = ${messageId} AND customer_id = ${customerId}) AS "isKnown",
    (SELECT sequence FROM fact) AS sequence`,
);
