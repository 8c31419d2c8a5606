import { openInbox } from '../../broker-bridge/facts/inbox.ts';
import { tables } from '../../listeners/webhooks/endpoints.ts';
import { createRepairCaseStore } from '../../activities/repair/case-store.ts';
import type { Database } from '../../prisma/database.ts';
import type { DeadLetter } from '../../contracts/mediators/repair.ts';
import type { Shop } from '../support/shop.ts';

/** Orders that nobody placed: rows of the mediator store, one a second back from now, in every state there is. */
export const insertOrders = (sql: Shop['sql'], count: number): Promise<unknown> =>
  sql(
    `INSERT INTO mediator_store.flow (request_id, workflow_id, event_name, mediator_class, body_hash, customer_id, order_id, state, received_at, finished_at,
       outcome, total_amount, currency)
     SELECT 'row-' || lpad(n::text, 8, '0'), 'order/row-' || n, 'place-order', 'hard', repeat('0', 64), 'c-' || (n % 997), 'ord-row-' || lpad(n::text, 8, '0'),
       (ARRAY['completed', 'completed', 'completed', 'open', 'cancelled'])[1 + n % 5], now() - n * interval '1 second',
       CASE WHEN n % 5 <> 3 THEN now() - n * interval '1 second' + interval '9 seconds' END,
       CASE n % 5 WHEN 3 THEN NULL WHEN 4 THEN 'cancelled' ELSE 'completed' END, 990 + n % 20000, 'EUR'
     FROM generate_series(1, $1::int) AS n`,
    [count],
  );

/** A case that waits for a person, though no message came: only its rows are there. */
export async function insertCase(
  database: Database,
  sql: Shop['sql'],
  event: Partial<DeadLetter> & Pick<DeadLetter, 'caseId'>,
): Promise<void> {
  await createRepairCaseStore(database).openCase({ ...aCase, ...event }, false);
  await sql(`UPDATE repair.case SET state = 'waiting', waiting_since = now() WHERE case_id = $1`, [event.caseId]);
}

const aCase: Omit<DeadLetter, 'caseId'> = {
  consumer: 'customer-event-queue',
  subject: 'customer.event.place-order',
  headers: { 'ce-id': 'evt-1', 'ce-source': 'web-shop', 'ce-type': 'place-order' },
  body: Buffer.from('{}'),
  streamSequence: 1,
  reason: 'bad-body',
  message: 'The body does not fit the schema of place-order.',
  problems: [],
  customerId: 'c-1',
};

/** A return in a state in which somebody decides. */
export const insertReturn = (sql: Shop['sql'], requestId: string, state: string, reason: string): Promise<unknown> =>
  sql(
    `INSERT INTO returns.return (request_id, workflow_id, body_hash, order_id, customer_id, reason, lines, state, deadline, amount, currency)
     VALUES ($1, 'return/' || $1, repeat('0', 64), 'ord-row-00000001', 'c-1', $3, '[{"isbn":"9780134685991","quantity":2}]', $2, now() + interval '3 days', 9180, 'EUR')`,
    [requestId, state, reason],
  );

/** An endpoint of webhooks that is off, with this reason. Makes the tables of their listener. */
export async function insertWebhook({ rig, sql }: Pick<Shop, 'rig' | 'sql'>, reason: string): Promise<void> {
  const inbox = openInbox(rig.databaseUrl, 'webhooks');
  await inbox.prepare({ name: 'webhooks', tables });
  await inbox.close();
  await sql(
    `INSERT INTO webhooks.endpoint (id, url, takes, state, reason, secret, given_up, changed_by)
     VALUES ('wh_0000000000000001', 'https://example.com/' || repeat('long', 100), '{orders,stock-ordered}', 'off', $1, 'whsec_', 2, 'Ada')`,
    [reason],
  );
}
