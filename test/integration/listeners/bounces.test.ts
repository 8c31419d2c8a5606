import { afterAll, beforeAll, expect, test } from 'vitest';
import { mailsPerDay } from '../../../app/reads/mails.ts';
import { customerEventQueue } from '../../../contracts/customer-event-queue.ts';
import type { FactBodies } from '../../../contracts/fact-bodies.ts';
import type { FactArea, FactName } from '../../../contracts/facts.ts';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import { openBridge, type Bridge } from '../../support/bridge.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;
let database: Database;
beforeAll(async () => {
  bridge = await openBridge();
  database = openDatabase(bridge.rig.databaseUrl);
  bridge.rig.onClose(() => database.close());
  bridge.startRelay();
  await bridge.startListener('email-analytics');
  await bridge.startListener('unreachable-customers');
});
afterAll(() => bridge?.rig.close());

async function tell<Name extends FactName>(area: FactArea, name: Name, key: string, body: FactBodies[Name]) {
  const text = 'SELECT outbox.record_fact($1, $2, $3, $4::jsonb)';
  await bridge.sql.query(text, [area, name, key, JSON.stringify(body)]);
  await bridge.sql.query('NOTIFY outbox');
}

const order = { orderId: 'ord-0000000000000000000a', customerId: 'c-1', kind: 'shipped' } as const;
const welcome = { customerId: 'c-2', kind: 'welcome' } as const;

/** All facts are heard by both listeners. */
const allHeard = () =>
  until(
    async () => {
      const { rows } = await bridge.sql.query<{ left: number }>(
        `SELECT count(*)::int AS left FROM outbox.fact WHERE stream_sequence IS NULL
           OR (name LIKE '%bounced' AND id NOT IN (SELECT fact_id FROM unreachable_customers.inbox_seen))
           OR id NOT IN (SELECT fact_id FROM email_analytics.inbox_seen)`,
      );
      const { rowCount: unsent } = await bridge.sql.query('SELECT FROM unreachable_customers.outgoing');
      return rows[0]?.left === 0 && unsent === 0;
    },
    { what: 'both listeners to have heard all' },
  );

/** The events in the queue that tell of customers who are not reached. */
async function eventsSent() {
  const info = await bridge.broker.streamInfo(customerEventQueue.stream);
  const all = await Promise.all(
    Array.from({ length: info?.lastSequence ?? 0 }, (_, index) =>
      bridge.broker.message(customerEventQueue.stream, index + 1),
    ),
  );
  return all.map((message) => [message?.subject, JSON.parse(new TextDecoder().decode(message?.data)) as unknown]);
}

test('a mail that came back counts on the day it was sent, beside those that were sent and refused', async () => {
  await tell('orders', 'email-sent', order.orderId, order);
  await tell('orders', 'email-refused', order.orderId, order);
  await tell('orders', 'email-bounced', order.orderId, { ...order, status: '5.1.1', sentAt: '2026-11-23T23:59:59.9Z' });
  await tell('customers', 'customer-emailed', 'c-2', welcome);
  await tell('customers', 'customer-email-bounced', 'c-2', {
    ...welcome,
    status: '4.2.2',
    sentAt: '2026-11-23T08:00:00Z',
  });
  await allHeard();
  const counted = await mailsPerDay(database);
  const today = counted[0]?.day;
  expect(counted).toEqual([
    { day: today, kind: 'shipped', mails: 1, refused: 1, bounced: 0 },
    { day: today, kind: 'welcome', mails: 1, refused: 0, bounced: 0 },
    { day: '2026-11-23', kind: 'shipped', mails: 0, refused: 0, bounced: 1 },
    { day: '2026-11-23', kind: 'welcome', mails: 0, refused: 0, bounced: 1 },
  ]);
});

test('a customer whose mail came back for good is told as an event; a mailbox that is full is not', async () => {
  const sentAt = '2026-11-24T08:00:00.000000Z';
  await tell('customers', 'customer-email-bounced', 'c-2', { ...welcome, status: '5.7.1', sentAt });
  await allHeard();
  const subject = 'customer.event.customer-unreachable';
  expect(await eventsSent()).toEqual([
    [subject, { customerId: 'c-1', since: '2026-11-23T23:59:59.9Z', orderId: order.orderId }],
    [subject, { customerId: 'c-2', since: sentAt }],
  ]);
});
