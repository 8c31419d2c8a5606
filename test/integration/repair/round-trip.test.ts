import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import { ensureCustomerEventStream } from '../../../broker-bridge/nats/our-streams.ts';
import { actOnCase } from '../../../app/act-on-case.ts';
import { customerEventSubject, eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import type { CaseActionName, CaseActions } from '../../../contracts/mediators/case-actions.ts';
import type { RepairCase } from '../../../contracts/views.ts';
import { findCase, listCases } from '../../../app/reads/cases.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import { silentLog } from '../../support/silent-log.ts';

let shop: Shop;
let broker: Broker;
let database: Database;
beforeAll(async () => {
  shop = await openShop({}, [['mediators', 'order-placement', 'notification', 'intake']]);
  broker = await connectBroker({ url: shop.rig.nats.url, name: 'test', log: silentLog });
  shop.rig.onClose(() => broker.close());
  database = openDatabase(shop.rig.databaseUrl, { poolSize: 2 });
  shop.rig.onClose(() => database.close());
  await ensureCustomerEventStream(broker);
});
afterAll(() => shop.close());

async function send(name: string, id: string, body: object, key?: string): Promise<void> {
  const headers = {
    [eventHeaders.id]: id,
    [eventHeaders.source]: 'web-shop',
    [eventHeaders.type]: name,
    [eventHeaders.specversion]: '1.0',
    ...(key === undefined ? {} : { [eventHeaders.key]: key }),
  };
  const data = new TextEncoder().encode(JSON.stringify(body));
  // An id of its own for the message: NATS drops one that comes twice within its window.
  await broker.publish({ id: randomUUID(), subject: customerEventSubject(name), headers, data });
}

const rows = (customerId: string) =>
  shop.sql<{ id: string; name: string; state: string }>(
    `SELECT event_id AS id, name, state FROM mediator_store.initiating_event WHERE customer_id = $1 ORDER BY position, received_at`,
    [customerId],
  );

const caseOf = async (customerId: string) => {
  const found = (await listCases(database, { limit: 100 })).filter((one) => one.customerId === customerId);
  return found[0];
};

const address = { name: 'Anna', street: '1 Harbour Street', city: 'Hamburg', postcode: '20457', country: 'DE' };

describe('an erroneous event of the queue', () => {
  test('is repaired by a rule and comes back to the queue; later events of its customer have waited for it', async () => {
    await send('customer-registered', 'evt-1', { customerId: 'r-1', name: 'Anna', email: 'Anna@Example.com' }, 'r-1');
    await send('address-changed', 'evt-2', { customerId: 'r-1', address }, 'r-1');
    await until(async () => (await rows('r-1')).filter(({ state }) => state === 'complete').length === 2, {
      within: 60_000,
    });
    expect((await rows('r-1')).toSorted((one, other) => one.id.localeCompare(other.id))).toEqual([
      { id: 'evt-1', name: 'customer-registered', state: 'repaired' },
      { id: 'evt-1~1', name: 'customer-registered', state: 'complete' },
      { id: 'evt-2', name: 'address-changed', state: 'complete' },
    ]);
    await until(async () => (await caseOf('r-1'))?.state === 'repaired');
  });

  test('that was discarded is seen again when it is sent again, however often, and is taken when a person says so', async () => {
    const event = { customerId: 'r-4', name: 'Bo', email: 'nobody' };
    const sources = { database, client: shop.client };
    const waiting = (): Promise<RepairCase> =>
      until(
        async () => {
          const [found] = (await listCases(database, { limit: 100, state: 'waiting' })).filter(
            ({ customerId }) => customerId === 'r-4',
          );
          return found;
        },
        { within: 60_000, what: 'the case' },
      );
    const act = <Name extends CaseActionName>(caseId: string, name: Name, action: CaseActions[Name]) =>
      actOnCase({ sources, caseId, name, action, deadlineMs: 20_000 });
    await send('customer-registered', 'evt-4', event);
    const first = await waiting();
    expect(first.reason).toBe('bad-body');
    await act(first.caseId, 'discard', { actor: 'Ruth', reason: 'the producer corrects it' });
    await send('customer-registered', 'evt-4', event);
    const again = await waiting();
    expect(again).toMatchObject({ reason: 'id-used-twice' });
    expect(again.message).toBe(`The same event came before, and was discarded with the case ${first.caseId}.`);
    await act(again.caseId, 'discard', { actor: 'Ruth', reason: 'the producer corrects it' });
    await send('customer-registered', 'evt-4', event);
    expect((await waiting()).caseId).not.toBe(again.caseId);
    const right = { ...event, email: 'bo@example.com' };
    await send('customer-registered', 'evt-4', right);
    const other = await until(
      async () =>
        (await listCases(database, { limit: 100, state: 'waiting' })).find(
          ({ message }) => message === 'The same id came before with another body.',
        ),
      { within: 60_000, what: 'the corrected event' },
    );
    await act(other.caseId, 'resubmit', { actor: 'Ruth', body: JSON.stringify(right) });
    await act((await waiting()).caseId, 'discard', { actor: 'Ruth', reason: 'it came corrected' });
    await until(async () => (await rows('r-4')).some(({ state }) => state === 'complete'), { within: 60_000 });
  });

  test('that its mediator refuses waits for a person, and may be refused again into the same case', async () => {
    await send('customer-registered', 'evt-3', { customerId: 'c-1', name: 'Another', email: 'another@example.com' });
    const refused = await until(
      async () => {
        const found = await caseOf('c-1');
        return found?.state === 'waiting' && found;
      },
      { within: 60_000 },
    );
    expect(refused).toMatchObject({ reason: 'refused', rule: null });
    const { caseId } = refused;
    const sources = { database, client: shop.client };
    const resubmit = (customerId: string) =>
      actOnCase({
        sources,
        caseId,
        name: 'resubmit',
        action: {
          actor: 'Ruth',
          body: JSON.stringify({ customerId, name: 'Another', email: 'another@example.com' }),
        },
        deadlineMs: 20_000,
      });
    expect(await resubmit('c-2')).toMatchObject({ ok: true });
    await until(
      async () => {
        const found = await findCase(database, caseId);
        return found?.state === 'waiting' && found.audit.some(({ step }) => step === 'returned');
      },
      { within: 60_000, what: 'the case to wait again' },
    );
    expect(await resubmit('r-3')).toMatchObject({ ok: true });
    await until(async () => (await findCase(database, caseId))?.state === 'repaired', { within: 60_000 });
    await until(async () => (await rows('r-3')).some(({ state }) => state === 'complete'), { within: 60_000 });
    const cases = (await listCases(database, { limit: 100 })).filter(({ reason }) => reason === 'refused');
    expect(cases).toHaveLength(1);
  });
});
