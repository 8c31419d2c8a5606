import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import { objects, runCommandLine } from '../../support/command-line.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { silentLog } from '../../support/silent-log.ts';
import { until } from '../../support/until.ts';

let shop: Shop;
let broker: Broker;
beforeAll(async () => {
  shop = await openShop({}, [['order-mediator', 'mediators', 'processors', 'relay', 'intake']]);
  broker = await connectBroker({ url: shop.rig.nats.url, name: 'producer', log: silentLog });
  shop.rig.onClose(() => broker.close());
});
afterAll(() => shop?.close());

const startListeners = () => shop.rig.launchWorker('listener:email-analytics', 'listener:unreachable-customers');

const send = (type: string, id: string, data: object) =>
  broker.publish(encodeEvent({ id, source: 'urn:example:test', type, data }));

/** All that was published is heard, and every event is complete. */
const isQuiet = (events: number) =>
  until(
    async () => {
      const [row] = await shop.sql<{ complete: number; open: number; unheard: number; unsent: number }>(
        `SELECT count(*) FILTER (WHERE state = 'complete')::int AS complete, count(*) FILTER (WHERE state <> 'complete')::int AS open,
           (SELECT count(*)::int FROM outbox.fact WHERE name LIKE '%bounced' AND id NOT IN (SELECT fact_id FROM unreachable_customers.inbox_seen)) AS unheard,
           (SELECT count(*)::int FROM unreachable_customers.outgoing) AS unsent
         FROM mediator_store.initiating_event WHERE name <> 'place-order'`,
      );
      return row?.complete === events && row.open === 0 && row.unheard === 0 && row.unsent === 0;
    },
    { within: 60_000, what: `${events} events to be complete` },
  );

const counted = async () => objects(await runCommandLine(shop.rig.env, 'mails', '--json'));

it('a bounce becomes a fact, a count, an event and a mark at the customer, each once, whatever is repeated or killed', async () => {
  await shop.sql(`INSERT INTO order_placement.customer VALUES ('c-gone', 'Jo Berg', 'jo@bounces.example')`);
  const listeners = await startListeners();
  const inbox = `SELECT FROM pg_tables WHERE schemaname = 'unreachable_customers' AND tablename = 'inbox_seen'`;
  await until(async () => (await shop.sql(inbox)).length === 1, { what: 'the inbox' });
  const release = await shop.holdTables('unreachable_customers.inbox_seen');
  const { orderId } = await shop.outcomeOf({ customerId: 'c-gone' });
  await shop.allWaitFor('unreachable_customers.inbox_seen');
  await listeners.kill();
  await release();
  await startListeners();
  await isQuiet(6); // of three mails, three bounces and what the listener made of them

  const mails = await shop.sql<{ id: string; sent: Date }>(
    'SELECT message_id AS id, sent_at AS sent FROM notification.mail WHERE order_id = $1 ORDER BY sent_at',
    [orderId],
  );
  const bounce = { customerId: 'c-gone', messageId: mails[0]?.id, status: '5.1.1' };
  await send('mail-bounced', 'again', bounce); // the same, told by another event
  await send('mail-bounced', 'again', bounce); // and that one twice
  await isQuiet(7);

  const facts = await shop.factsOf(orderId);
  expect(facts.filter((name) => name === 'email-bounced')).toHaveLength(3);
  expect(await shop.factsOf('c-gone')).toEqual(['customer-marked-unreachable']);
  const kinds = ['confirmation', 'ready-to-ship', 'shipped'];
  expect(await counted()).toMatchObject(kinds.map((kind) => ({ kind, mails: 1, refused: 0, bounced: 1 })));
  const [shown] = objects(await runCommandLine(shop.rig.env, 'show', orderId, '--json'));
  expect(mails.map(({ sent }) => sent.toISOString())).toContain(
    new Date(String(shown?.['unreachableSince'])).toISOString(),
  );
});

it('a new mail address takes the mark back, and mails to it count as those that arrive', async () => {
  await send('email-changed', 'new-address', { customerId: 'c-gone', email: 'jo@example.com' });
  await isQuiet(8);
  const { orderId } = await shop.outcomeOf({ customerId: 'c-gone' });
  await until(async () => (await counted())[0]?.['mails'] === 2, { what: 'the mails to be counted' });
  await isQuiet(8);
  expect(await shop.factsOf('c-gone')).toEqual(['customer-marked-unreachable', 'customer-email-changed']);
  const [shown] = objects(await runCommandLine(shop.rig.env, 'show', orderId, '--json'));
  expect(shown).toMatchObject({ unreachableSince: null });
});

it('a bounce of a mail that is not ours is refused, with a case', async () => {
  await send('mail-bounced', 'foreign', { customerId: 'c-1', messageId: '<1@example.com>', status: '5.1.1' });
  const refused = await until(
    async () => (await shop.sql(`SELECT message FROM repair.case WHERE reason = 'refused'`))[0],
    { within: 30_000, what: 'the case' },
  );
  expect(refused).toEqual({
    message: 'No mail <1@example.com> was sent to the customer c-1: what bounced is not ours.',
  });
});
