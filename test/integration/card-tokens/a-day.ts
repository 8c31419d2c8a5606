import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, headers } from 'nats';
import { openBroker } from '../../../app/nats.ts';
import { encodeEvent } from '../../../broker-bridge/intake/encode-event.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { askBy } from '../../support/asking.ts';
import { objects, runCommandLine, type Ran } from '../../support/command-line.ts';
import { visitDesk } from '../../support/desk-visitor.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import type { Searched } from './search.ts';

/** The tokens of a day, each of them used in one way only. The gateway knows two of them, and declines all others. */
export const tokens = {
  /** Placed by the client, held at its payment; others that are no use; one with which it ends. */
  client: 'card_secret_of_the_client',
  unknownToTheGateway: 'card_secret_given_to_pay_with',
  declinedAgain: 'card_denied',
  paid: 'card_ok',
  /** Orders that are held at their payment when the day is over. */
  queue: 'card_secret_of_the_queue',
  structured: 'card_secret_structured',
  byRule: 'card_secret_mended_by_a_rule',
  edited: 'card_secret_in_an_edited_message',
  /** Asked for by request-reply, and cancelled at the end. */
  asked: 'card_secret_asked_for',
  /** Of a title that the shop does not have: refused. */
  refused: 'card_secret_of_a_refused_order',
  refusedEvent: 'card_secret_of_a_refused_event',
  /** Dead letters: one that waits for a person, one that a person mended, one that was given up. */
  deadLetter: 'card_secret_in_a_dead_letter',
  mended: 'card_secret_before_it_was_mended',
  discarded: 'card_secret_in_a_discarded_message',
  /** No token by its form. */
  malformed: 'card-secret-that-is-no-token',
  unknownEvent: 'card_secret_in_an_event_nobody_knows',
} as const;

/** A number that a card may have. It is given where a token belongs. */
export const cardNumber = '4111111111111111';

export interface Day extends Searched {
  /** The variables of the command line. */
  readonly env: NodeJS.ProcessEnv;
}

/** Unknown to the shop. */
const noTitle = '9780306406157';
const oddLines = [{ isbn: '9780134685991', quantity: 'a few' }];

/** What the command line has said to people. */
export interface Said {
  readonly runs: readonly Ran[];
}

/** Lets a day of the shop happen, in which cards come in by every way, and resolves when all of it has settled. */
export async function aDay(day: Day): Promise<Said> {
  const runs: Ran[] = [];
  const run = async (...argv: readonly string[]) => {
    const ran = await runCommandLine(day.env, ...argv);
    runs.push(ran);
    return ran;
  };
  await Promise.all([byClient(day, run), byQueue(day), byAsking(day, run)]);
  await byPeople(day, run);
  await look(day, run);
  return { runs };
}

type Run = (...argv: readonly string[]) => Promise<Ran>;

const placing = (card: string, customer: string, isbn = '9780134685991') =>
  ['place', '--customer', customer, '--line', `${isbn}:1`, '--card', card, '--json', '--deadline', '60'] as const;

async function byClient(day: Day, run: Run): Promise<void> {
  const [placed] = objects(await run(...placing(tokens.client, 'c-2')));
  const orderId = String(placed?.['orderId']);
  await heldTimes(day, orderId, 1);
  await run('pay', orderId, '--card', tokens.unknownToTheGateway);
  await run('pay', orderId, '--card', tokens.declinedAgain);
  await heldTimes(day, orderId, 2);
  await run('pay', orderId, '--card', tokens.paid);
  await inState(day, orderId, 'completed');
  await run(...placing(tokens.refused, 'c-3', noTitle));
  await run(...placing(cardNumber, 'c-3'));
}

/** Waits until a card was declined for the nth time, and the order is held. */
const heldTimes = ({ owner }: Day, orderId: string, times: number) =>
  until(
    async () => {
      const query = `SELECT FROM mediator_store.flow WHERE order_id = $1 AND state = 'held'
        AND (SELECT count(*) FROM outbox.fact WHERE key = $1 AND name = 'payment-denied') = $2`;
      return (await owner.query(query, [orderId, times])).rowCount === 1;
    },
    { within: 60_000, what: `${orderId} to be held, ${times} times declined` },
  );

const inState = ({ owner }: Day, orderId: string, state: string) =>
  until(
    async () =>
      (await owner.query('SELECT FROM mediator_store.flow WHERE order_id = $1 AND state = $2', [orderId, state]))
        .rowCount === 1,
    { within: 60_000, what: `${orderId} to be ${state}` },
  );

/** An event of the queue that a customer of its own places, so that none waits for another. */
const eventOf = (name: keyof typeof tokens | 'cardNumber', customerId: string, changes: object = {}) => {
  const card = name === 'cardNumber' ? cardNumber : tokens[name];
  const order: PlaceOrder = anOrder({ card, customerId, requestId: `request-${name}` });
  return { id: order.requestId, source: 'shop', type: 'place-order', data: { ...order, ...changes } };
};

async function byQueue(day: Day): Promise<void> {
  const producer = await openBroker({ env: day.env, identity: 'producer', note: () => undefined });
  const mended = [{ isbn: '9780134685991', quantity: '1 EACH' }];
  const events = [
    eventOf('queue', 'c-4'),
    eventOf('byRule', 'c-5', { lines: mended }),
    eventOf('deadLetter', 'c-6', { lines: oddLines }),
    eventOf('mended', 'c-7', { lines: oddLines }),
    eventOf('discarded', 'c-8', { lines: oddLines }),
    eventOf('malformed', 'c-9'),
    eventOf('refusedEvent', 'c-10', { lines: [{ isbn: noTitle, quantity: 1 }] }),
    eventOf('cardNumber', 'c-11'),
    { ...eventOf('unknownEvent', 'c-12'), type: 'buy-a-book' },
  ];
  for (const { type, ...event } of events) await producer.publish(encodeEvent({ ...event, type }));
  await producer.close();
  const connection = await connect(loginOf(day, 'producer'));
  const given = headers();
  given.set('content-type', 'application/cloudevents+json');
  const { data, ...attributes } = eventOf('structured', 'c-13');
  const structured = JSON.stringify({ specversion: '1.0', ...attributes, data });
  await connection.request('customer.event.place-order', structured, { timeout: 30_000, headers: given });
  await connection.close();
  for (const name of ['queue', 'byRule', 'structured'] as const)
    await heldTimes(day, await orderOf(day, `request-${name}`), 1);
  const waiting = ['c-6', 'c-7', 'c-8', 'c-9', 'c-11'];
  await casesOf(day, waiting, 'waiting');
}

async function orderOf({ owner }: Day, requestId: string): Promise<string> {
  const query = 'SELECT order_id AS id FROM mediator_store.flow WHERE request_id = $1';
  const find = async () => (await owner.query<{ id: string }>(query, [requestId])).rows[0]?.id;
  return until(find, { within: 60_000, what: `the order of ${requestId}` });
}

async function casesOf({ owner }: Day, customers: readonly string[], state: string): Promise<readonly string[]> {
  const query = 'SELECT case_id AS id FROM repair.case WHERE customer_id = ANY ($1) AND state = $2';
  const find = async () => (await owner.query<{ id: string }>(query, [customers, state])).rows.map(({ id }) => id);
  return until(
    async () => {
      const found = await find();
      return found.length === customers.length ? found : undefined;
    },
    { within: 60_000, what: `cases of ${customers.join(', ')} to be ${state}` },
  );
}

const loginOf = ({ env, ports }: Day, user: 'producer' | 'asker') => {
  const { username, password } = new URL(env[`NATS_URL_${user.toUpperCase()}`] ?? '');
  return { servers: `127.0.0.1:${ports.nats}`, user: username, pass: password, inboxPrefix: `_INBOX_${user}` };
};

async function byAsking(day: Day, run: Run): Promise<void> {
  const connection = await connect(loginOf(day, 'asker'));
  const ask = (order: PlaceOrder) => askBy(connection, 'a temporary inbox', 'place-order', order);
  const answer = await ask(anOrder({ card: tokens.asked, customerId: 'c-14' }));
  const refused = await ask(anOrder({ card: cardNumber, customerId: 'c-14' }));
  await connection.close();
  const { orderId } = answer.body as { readonly orderId: string };
  await heldTimes(day, orderId, 1);
  await run('cancel', orderId, '--actor', 'Ada', '--reason', 'no card');
  await inState(day, orderId, 'cancelled');
  if (!refused.error) throw new Error('A card number was taken for a token.');
}

/** Ada looks at the dead letters, mends one of them with another card, and gives another up. */
async function byPeople(day: Day, run: Run): Promise<void> {
  const [mended = ''] = await casesOf(day, ['c-7'], 'waiting');
  const file = join(day.folder, 'mended.json');
  const write = (card: string) => {
    const order = anOrder({ card, customerId: 'c-7', requestId: 'request-mended' });
    writeFileSync(file, JSON.stringify(order));
  };
  write(cardNumber);
  await run('cases', 'resubmit', mended, '--file', file, '--actor', 'Ada');
  write(tokens.edited);
  await run('cases', 'resubmit', mended, '--file', file, '--actor', 'Ada');
  await heldTimes(day, await orderOf(day, 'request-mended'), 1);
  const [discarded = ''] = await casesOf(day, ['c-8'], 'waiting');
  await run('cases', 'discard', discarded, '--reason', 'by mistake', '--actor', 'Ada');
  await casesOf(day, ['c-8'], 'discarded');
}

/** Everything that people may look at is looked at, by the command line and at the desk. */
async function look({ ports, owner }: Day, run: Run): Promise<void> {
  const desk = await visitDesk(`http://127.0.0.1:${ports.dashboard}`);
  for (const path of ['orders', 'orders?sort=waiting', 'cases', 'flow', 'mails', 'returns', 'webhooks', 'bulk'])
    await desk.get(`/api/${path}`);
  const { rows } = await owner.query<{ id: string }>('SELECT order_id AS id FROM mediator_store.flow');
  for (const { id } of rows) {
    await desk.get(`/api/orders/${id}`);
    await run('show', id);
  }
  const cases = await owner.query<{ id: string }>('SELECT case_id AS id FROM repair.case');
  for (const { id } of cases.rows) {
    await desk.get(`/api/cases/${id}`);
    await run('cases', 'show', id);
  }
  for (const command of ['list', 'holds', 'cases', 'classes', 'mails', 'returns', 'webhooks']) await run(command);
  await run('cases', 'verify');
  await run('listeners', 'replay', 'order-timeline');
  await run('listeners', 'resume', 'order-timeline');
}
