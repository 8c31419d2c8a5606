import { requestOfEvent } from '../../contracts/ids.ts';
import type { Fact } from '../../contracts/facts.ts';
import type { EmailCustomer, RecordBounce } from '../../contracts/notification.ts';
import { bigintText, bool, nullable, text } from '../../prisma/codec.ts';
import type { Database } from '../../prisma/database.ts';
import { raw, sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { commandRoutes } from '../../contracts/command-routes.ts';
import { recordBounce } from './bounce.ts';

/**
 * The answer to a claim: the mail was sent, or refused for good, or another attempt is sending it, or the caller may
 * send it.
 */
export type MailClaim =
  | { readonly outcome: 'sent' | 'refused' | 'busy' }
  | { readonly outcome: 'yours'; /** Tells this claim from others. */ readonly claimedAt: string };

const claimLasts = commandRoutes['email-customer'].startToClose;

export const claimMail = statement(
  'notification.claim-mail',
  { claimedAt: nullable(text), sent: bool, refused: bool },
  ({ requestId, customerId, kind, ...command }: EmailCustomer, messageId: string) => sql`
      WITH claimed AS (
        INSERT INTO notification.mail AS mail (request_id, order_id, customer_id, kind, message_id, claimed_at)
        VALUES (${requestId}, ${'orderId' in command ? command.orderId : null}, ${customerId}, ${kind}, ${messageId}, clock_timestamp())
        ON CONFLICT (request_id) DO UPDATE SET claimed_at = clock_timestamp()
        WHERE mail.sent_at IS NULL AND mail.refused_at IS NULL
          AND (mail.claimed_at IS NULL OR mail.claimed_at < clock_timestamp() - ${claimLasts}::interval)
        RETURNING claimed_at
      )
      SELECT (SELECT claimed_at::text FROM claimed) AS "claimedAt",
        EXISTS (SELECT FROM notification.mail WHERE request_id = ${requestId} AND sent_at IS NOT NULL) AS sent,
        EXISTS (SELECT FROM notification.mail WHERE request_id = ${requestId} AND refused_at IS NOT NULL) AS refused`,
);

/** Marks a mail sent, or refused for good unless it was sent, with its fact. */
export const markMail = statement(
  'notification.mark-mail',
  { sequence: bigintText },
  (requestId: string, end: 'sent' | 'refused', { area, name, key, body }: MailFact) => sql`
      WITH marked AS (
        UPDATE notification.mail SET ${raw(`${end}_at`)} = clock_timestamp()
        WHERE request_id = ${requestId} AND sent_at IS NULL AND ${raw(`${end}_at`)} IS NULL
        RETURNING request_id
      )
      SELECT outbox.record_fact(${area}, ${name}, ${key}, ${JSON.stringify(body)}::jsonb, ${requestId}, ${requestOfEvent(requestId)}) AS sequence FROM marked`,
);

export const giveUpClaim = statement(
  'notification.give-up-claim',
  {},
  (requestId: string, claimedAt: string) => sql`
  UPDATE notification.mail SET claimed_at = NULL WHERE request_id = ${requestId} AND claimed_at = ${claimedAt}::timestamptz`,
);

type MailFact = Pick<Fact, 'area' | 'name' | 'key' | 'body'>;

/** One row per request id of `email-customer`. */
export type NotificationStore = ReturnType<typeof createNotificationStore>;

export const createNotificationStore = (database: Database) => ({
  /**
   * Writes the intent, and claims the sending for as long as an attempt may take, so that two attempts at once send one
   * mail. One statement.
   */
  async claim(command: EmailCustomer, messageId: string): Promise<MailClaim> {
    const [row] = await database.run(claimMail(command, messageId));
    if (row?.claimedAt) return { outcome: 'yours', claimedAt: row.claimedAt };
    return { outcome: row?.sent ? 'sent' : row?.refused ? 'refused' : 'busy' };
  },
  /**
   * Marks the mail sent, or as one that the server will never take, with its fact: one statement. Does nothing the
   * second time, nor to a mail that was sent.
   */
  async ended(command: EmailCustomer, end: 'sent' | 'refused'): Promise<void> {
    const rows = await database.run(markMail(command.requestId, end, factOf(command, end)));
    if (rows.length > 0) database.wakeRelay();
  },
  /** Marks the mail as one that came back, with its fact, once. Resolves with false when there is no such mail. */
  async bounced(command: RecordBounce): Promise<boolean> {
    const [row] = await database.run(recordBounce(command));
    if (row?.sequence != null) database.wakeRelay();
    return row?.isKnown === true;
  },
  /** Gives the claim back after a fault, so that the next attempt need not wait. Does nothing to another's claim. */
  giveUp: (requestId: string, claimedAt: string) => database.execute(giveUpClaim(requestId, claimedAt)),
});

/** The fact about a mail that was sent or refused. */
function factOf(command: EmailCustomer, end: 'sent' | 'refused'): MailFact {
  const { customerId } = command;
  if (!('orderId' in command)) {
    const name = end === 'sent' ? 'customer-emailed' : 'customer-email-refused';
    return { area: 'customers', name, key: customerId, body: { customerId, kind: command.kind } };
  }
  const { orderId, kind } = command;
  return { area: 'orders', name: `email-${end}`, key: orderId, body: { orderId, customerId, kind } };
}
