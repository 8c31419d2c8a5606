import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineListener, type OwnDelivery } from '../../../broker-bridge/facts/listener.ts';
import { createSendMessage } from '../../../broker-bridge/facts/send-message.ts';
import { startListener } from '../../../broker-bridge/facts/start-listener.ts';
import { customerEventQueue } from '../../../contracts/customer-event-queue.ts';
import { allPublished, openBridge, type Bridge } from '../../support/bridge.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;
let client: Client;

beforeAll(async () => {
  bridge = await openBridge({ temporal: true });
  const { address, namespace } = bridge.rig.temporal;
  client = new Client({ connection: await Connection.connect({ address }), namespace });
  bridge.rig.onClose(() => client.connection.close());
  await bridge.rig.launchWorker('order-placement');
  bridge.startRelay();
});

afterAll(() => bridge?.rig.close());

const address = { name: 'Anna', street: 'Kungsgatan 1', city: 'Stockholm', postcode: '111 43', country: 'SE' } as const;

/** Hears mails; of each it tells a fact and sends one message of every kind. */
const teller = (
  name: string,
  own: { apply?: () => Promise<void>; deliver?: (message: OwnDelivery) => Promise<void> },
) =>
  defineListener({
    name,
    about: 'is a test',
    schema: name.replaceAll('-', '_'),
    reads: { 'email-sent': ['orderId', 'customerId'] },
    follows: 'some-facts',
    tables: '',
    sends: ['customer-event-queue', 'processor', 'its-own'],
    async apply(tx, { body: { orderId } }) {
      if (!orderId.startsWith(`ord-${name}`)) return;
      const customerId = `c-${orderId}`;
      tx.tell({ name: 'customer-created', key: customerId, body: { customerId } });
      const registered = { customerId, name: 'Anna', email: 'anna@example.com' };
      tx.send({ to: 'customer-event-queue', name: 'customer-registered', body: registered });
      tx.send({ to: 'processor', name: 'change-address', command: { customerId: 'c-1', address } });
      tx.send({ to: 'its-own', content: { orderId } });
      await own.apply?.();
    },
    async deliver(message) {
      await own.deliver?.(message);
    },
  });

const sendFor = (listener: string) =>
  createSendMessage({
    listener,
    broker: bridge.broker,
    client: () => Promise.resolve(client),
    openOrders: () => Promise.resolve([]),
  });

const start = (listener: ReturnType<typeof teller>, send = sendFor(listener.name)) => {
  const { rig, broker, deadLetters, log } = bridge;
  const part = startListener({ listener, databaseUrl: rig.databaseUrl, broker, deadLetters, send, log });
  bridge.rig.onClose(() => part.stop());
  return part;
};

const rowsOf = async <Row extends object>(text: string, values: readonly unknown[] = []) =>
  (await bridge.sql.query<Row>(text, [...values])).rows;

const waiting = async (schema: string): Promise<number> =>
  (await rowsOf<{ n: number }>(`SELECT count(*)::int AS n FROM ${schema}.outgoing`))[0]?.n ?? 0;

/** The initiating events in the queue that this listener has sent. */
async function eventsFrom(listener: string) {
  const management = await bridge.nats.jetstreamManager();
  const { state } = await management.streams.info(customerEventQueue.stream);
  const all = await Promise.all(
    Array.from({ length: state.last_seq }, (_, index) => bridge.broker.message(customerEventQueue.stream, index + 1)),
  );
  return all.flatMap((message) => (message?.headers['ce-source'] === `listener/${listener}` ? [message] : []));
}

describe('what follows from a fact that a listener hears', () => {
  test('is told and sent after its commit, once, and names its cause', async () => {
    const delivered: OwnDelivery[] = [];
    const part = start(teller('teller', { deliver: (message) => Promise.resolve(void delivered.push(message)) }));
    await bridge.record(['ord-teller-1'], 1);
    await until(async () => delivered.length > 0 && (await waiting('teller')) === 0, { what: 'all to be sent' });
    await allPublished(bridge);
    const [heard] = await rowsOf<{ id: string }>(`SELECT id FROM outbox.fact WHERE key = 'ord-teller-1'`);
    const id = heard?.id ?? '';
    const told = await rowsOf(`SELECT name, causation_id AS cause FROM outbox.fact WHERE key = 'c-ord-teller-1'`);
    expect(told).toEqual([{ name: 'customer-created', cause: id }]);
    const events = await eventsFrom('teller');
    expect(events.map(({ headers }) => [headers['ce-id'], headers['ce-partitionkey']])).toEqual([
      [`${id}/1`, 'c-ord-teller-1'],
    ]);
    expect(delivered).toMatchObject([{ id: `${id}/3`, content: { orderId: 'ord-teller-1' }, attempt: 1 }]);
    const requestId = `listener/teller/${id}/2/change-address/1`;
    expect(await client.activity.getHandle(requestId).result()).toMatchObject({ customerId: 'c-1' });
    const moved = `SELECT causation_id AS cause FROM outbox.fact WHERE name = 'customer-address-changed'`;
    expect(await rowsOf(moved)).toEqual([{ cause: requestId }]);
    await part.stop();
  });

  test('is neither told nor sent when the effect fails', async () => {
    let attempts = 0;
    const apply = () => (attempts++ < 2 ? Promise.reject(new Error('not yet')) : Promise.resolve());
    const part = start(teller('failing', { apply }));
    await bridge.record(['ord-failing-1'], 1);
    await until(() => attempts >= 3, { what: 'the third attempt' });
    await until(async () => (await eventsFrom('failing')).length > 0 && (await waiting('failing')) === 0);
    expect(await eventsFrom('failing')).toHaveLength(1);
    expect(await rowsOf(`SELECT FROM outbox.fact WHERE key = 'c-ord-failing-1'`)).toHaveLength(1);
    await part.stop();
  });

  test('waits in its table while it cannot be sent, and goes out after a start anew under the same id', async () => {
    const hung = start(teller('patient', {}), () => Promise.reject(new Error('nobody is there')));
    await bridge.record(['ord-patient-1'], 1);
    await until(async () => {
      const rows = await rowsOf(`SELECT FROM patient.outgoing WHERE problem = 'nobody is there' AND attempts > 1`);
      return rows.length === 2;
    });
    await hung.stop();
    const part = start(teller('patient', {}));
    await until(async () => (await waiting('patient')) === 0, { what: 'all to be sent' });
    const [heard] = await rowsOf<{ id: string }>(`SELECT id FROM outbox.fact WHERE key = 'ord-patient-1'`);
    expect((await eventsFrom('patient')).map(({ headers }) => headers['ce-id'])).toEqual([`${heard?.id}/1`]);
    await part.stop();
  });

  test('of a listener that does not say that it sends is refused, and its fact becomes a dead letter', async () => {
    const part = start({ ...teller('silent', {}), sends: ['its-own'], deadLetterAfter: 1 });
    await bridge.record(['ord-silent-1'], 1);
    await until(() => bridge.sentLetters.some(({ consumer }) => consumer === 'listener:silent'));
    expect(await rowsOf(`SELECT FROM outbox.fact WHERE key = 'c-ord-silent-1'`)).toEqual([]);
    await part.stop();
  });
});
