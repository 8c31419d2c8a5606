import { connect, type NatsConnection } from 'nats';
import { createResubmitter } from '../../../broker-bridge/dead-letter/resubmit.ts';
import { encodeEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { ensureCustomerEventStream, ensureFactStream } from '../../../broker-bridge/nats/our-streams.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { prepareBroker } from '../../../broker-bridge/facts/listener-consumers.ts';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import { configuredUser } from '../../../broker-bridge/nats/configured-user.ts';
import { inboxOf, listenerUser, natsUsers } from '../../../broker-bridge/nats/users.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { silentLog } from '../../support/silent-log.ts';
import { until } from '../../support/until.ts';
import { deeds, eavesdropping, listeners } from './nats-deeds.ts';

const users = natsUsers(listeners);
const names = users.map(({ name }) => name);
const passwordOf = (user: string) => `secret-of-${user}`;

let rig: Rig;
beforeAll(async () => {
  rig = await openRig({ nats: { users: users.map((user) => configuredUser(user, passwordOf(user.name))) } });
  const administrator = await brokerOf('administrator');
  await prepareBroker(
    administrator,
    listeners.map(({ name }) => ({ name, reads: 'orders', follows: 'some-facts' })),
  );
});
afterAll(() => rig.close());

async function brokerOf(identity: string): Promise<Broker> {
  const url = rig.nats.url.replace('nats://', `nats://${identity}:${passwordOf(identity)}@`);
  const broker = await connectBroker({ url, name: identity, identity, log: silentLog });
  rig.onClose(() => broker.close());
  return broker;
}

/** A connection of our own as this user, and what the server has refused it. */
async function connectionOf(user: string): Promise<NatsConnection & { readonly refused: readonly string[] }> {
  const connection = await connect({
    servers: rig.nats.url,
    user,
    pass: passwordOf(user),
    inboxPrefix: inboxOf(user),
  });
  rig.onClose(() => connection.close());
  const refused: string[] = [];
  void (async () => {
    for await (const { permissionContext } of connection.status())
      if (permissionContext) refused.push(permissionContext.subject);
  })();
  return Object.assign(connection, { refused });
}

/** The server's refusals come before its answer to a flush. */
const settled = async (connection: NatsConnection) => {
  await connection.flush();
  await new Promise((resolve) => setImmediate(resolve));
};

/** No request of this form is carried out: JetStream refuses what is no JSON, and no acknowledgement has this word. */
const nonsense = '{';

describe.each(names)('%s', (name) => {
  it.each(deeds)('may $about, or may not', async ({ subjects, by }) => {
    const connection = await connectionOf(name);
    for (const subject of subjects) connection.publish(subject, nonsense);
    await settled(connection);
    expect(connection.refused.toSorted()).toEqual(by.includes(name) ? [] : subjects.toSorted());
    await connection.close();
  });

  it.each(eavesdropping)('may $about, or may not', async ({ subjects, by }) => {
    const connection = await connectionOf(name);
    for (const subject of subjects) connection.subscribe(subject, { callback: () => undefined });
    await settled(connection);
    expect(connection.refused.toSorted()).toEqual(by.includes(name) ? [] : subjects.toSorted());
    await connection.close();
  });

  it('hears its own inbox, and that of no other user', async () => {
    const connection = await connectionOf(name);
    for (const one of names) connection.subscribe(`${inboxOf(one)}.>`, { callback: () => undefined });
    await settled(connection);
    const others = names.filter((one) => one !== name).map((one) => `${inboxOf(one)}.>`);
    expect(connection.refused.toSorted()).toEqual(others.toSorted());
    await connection.close();
  });
});

const event = (id: string) => encodeEvent({ id, source: 'shop', type: 'place-order', data: { card: 'card_ok' } });

describe('on the server as it is', () => {
  it('a listener cannot have JetStream give it a message of the queue', async () => {
    const [producer, listener] = [await brokerOf('producer'), await connectionOf(listenerUser('hears'))];
    await producer.publish(event('not-for-listeners'));
    const stolen: string[] = [];
    listener.subscribe(`${inboxOf(listenerUser('hears'))}.x`, { callback: (_, { subject }) => stolen.push(subject) });
    const administrator = await brokerOf('administrator');
    await administrator.ensureConsumer({
      stream: 'CUSTOMER_EVENTS',
      name: 'customer-event-queue',
      subjects: ['customer.event.>'],
      acknowledgeWithin: 60_000,
    });
    const disguised = '$JS.ACK.CUSTOMER_EVENTS.customer-event-queue.FACTS.hears.1.1.0';
    listener.publish(disguised, '+NXT', { reply: `${inboxOf(listenerUser('hears'))}.x` });
    await settled(listener);
    expect(listener.refused).toEqual([disguised]);
    expect(stolen).toEqual([]);
  });

  it('an outside listener cannot change the consumer of a listener under another name', async () => {
    const outside = await connectionOf('outside-listener');
    const asked = async (name: string, config: object) => {
      const request = JSON.stringify({ stream_name: 'FACTS', config: { ack_policy: 'none', ...config } });
      const answer = await outside.request(`$JS.API.CONSUMER.CREATE.FACTS.${name}`, request);
      return answer.json<{ readonly error?: object; readonly name?: string }>();
    };
    expect(await asked('by-chance', { durable_name: 'hears' })).toHaveProperty('error');
    expect(await asked('by-chance', { name: 'hears' })).toHaveProperty('name', 'by-chance');
  });

  it('who may make no streams works with those that are there, and says once what to do when one is missing', async () => {
    const [relay, producer] = [await brokerOf('relay'), await brokerOf('producer')];
    await ensureFactStream(relay);
    await ensureCustomerEventStream(producer);
    expect((await producer.publish(event('accepted'))).streamSequence).toBeGreaterThan(0);
    const administrator = await connectionOf('administrator');
    const management = await administrator.jetstreamManager({ checkAPI: false });
    await management.streams.delete('FACTS');
    await expect(ensureFactStream(relay)).rejects.toThrow(
      'There is no stream FACTS, and this user of NATS may not make it: run "npm run streams" as one that may.',
    );
    const listener = await brokerOf(listenerUser('hears'));
    await ensureFactStream(await brokerOf('administrator'));
    const session = { stream: 'FACTS', name: 'hears', subjects: ['orders.fact.>'], acknowledgeWithin: 10_000 };
    await expect(listener.consume(session)).rejects.toThrow(
      'The stream FACTS has no consumer hears, and this user of NATS may not make it: run "npm run streams"',
    );
  });

  it('the workflow processor takes back a message of its own', async () => {
    const resubmitter = createResubmitter(await brokerOf('workflow-processor'));
    const message = { ...event('repaired'), id: 'case-1~1' };
    const sent = { ...message, headers: { ...message.headers, 'repair-case': 'case-1' } };
    const { streamSequence } = (await resubmitter.publish(sent)) as { streamSequence: number };
    await resubmitter.withdraw(sent, streamSequence);
    expect(await resubmitter.has(sent, streamSequence)).toBe(false);
  });

  it('an acknowledgement is confirmed to the listener that was given the fact, in either form', async () => {
    const administrator = await brokerOf('administrator');
    await prepareBroker(administrator, [{ name: 'hears', reads: 'orders', follows: 'some-facts' }]);
    const [relay, listener] = [await brokerOf('relay'), await brokerOf(listenerUser('hears'))];
    await relay.publish({ id: 'fact-1', subject: 'orders.fact.order-created.1', headers: {}, data: Buffer.from('{}') });
    const session = { stream: 'FACTS', name: 'hears', subjects: ['orders.fact.>'], acknowledgeWithin: 10_000 };
    const deliveries = await listener.consume(session);
    const [delivery] = await deliveries.next(1);
    await delivery?.acknowledge();
    await deliveries.close();
    await until(async () => (await administrator.consumerInfo('FACTS', 'hears'))?.acknowledgedTo === 1);
  });

  it('an outside listener follows the facts', async () => {
    const outside = await brokerOf('outside-listener');
    const facts = outside.follow({ stream: 'FACTS', subjects: ['orders.fact.>'], since: 'all' });
    for await (const { subject } of facts) {
      expect(subject).toBe('orders.fact.order-created.1');
      break;
    }
  });
});
