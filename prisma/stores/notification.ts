import type { EmailCustomer } from '../../contracts/notification.ts';
import type { Database } from '../database.ts';

/** Whether a mail may be sent now: it was sent, or somebody else is sending it, or it is the caller's to send. */
type MailClaim = 'sent' | 'busy' | 'yours';

/** One row per request id of `email-customer`. */
export interface NotificationStore {
  /** Writes the intent, and claims the sending for 10 seconds, so that two attempts at once send one mail. One statement. */
  claim(command: EmailCustomer, messageId: string): Promise<MailClaim>;
  /** Marks the mail sent, with its fact: one statement. Does nothing the second time. */
  sent(command: EmailCustomer): Promise<void>;
  /** Gives the claim back after a fault, so that the next attempt need not wait. */
  giveUp(requestId: string): Promise<void>;
}

export const createNotificationStore = (database: Database): NotificationStore => ({
  async claim({ requestId, orderId, customerId, kind }, messageId) {
    const [row] = await database.prisma.$queryRaw<{ claimed: boolean; sent: boolean }[]>`
      WITH claimed AS (
        INSERT INTO notification.mail AS mail (request_id, order_id, customer_id, kind, message_id, claimed_at)
        VALUES (${requestId}, ${orderId}, ${customerId}, ${kind}, ${messageId}, clock_timestamp())
        ON CONFLICT (request_id) DO UPDATE SET claimed_at = clock_timestamp()
        WHERE mail.sent_at IS NULL AND (mail.claimed_at IS NULL OR mail.claimed_at < clock_timestamp() - interval '10 seconds')
        RETURNING request_id
      )
      SELECT EXISTS (SELECT FROM claimed) AS claimed,
        EXISTS (SELECT FROM notification.mail WHERE request_id = ${requestId} AND sent_at IS NOT NULL) AS sent`;
    if (row?.claimed) return 'yours';
    return row?.sent ? 'sent' : 'busy';
  },
  async sent({ requestId, orderId, customerId, kind }) {
    const fact = JSON.stringify({ orderId, customerId, kind });
    const rows = await database.prisma.$queryRaw<unknown[]>`
      WITH marked AS (
        UPDATE notification.mail SET sent_at = clock_timestamp() WHERE request_id = ${requestId} AND sent_at IS NULL
        RETURNING order_id
      )
      SELECT outbox.record_fact('orders', 'email-sent', order_id, ${fact}::jsonb)::text AS sequence FROM marked`;
    if (rows.length > 0) database.wakeRelay();
  },
  async giveUp(requestId) {
    await database.prisma.$executeRaw`UPDATE notification.mail SET claimed_at = NULL WHERE request_id = ${requestId}`;
  },
});
