import { Empty, headers } from 'nats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headersOf, openIntakeBench, registered, type IntakeBench } from '../../support/intake.ts';
import { publishLines } from '../../support/publish-lines.ts';
import { until } from '../../support/until.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench();
  bench.startIntake();
});

afterAll(() => bench?.rig.close());

const subject = 'customer.event.customer-registered';
const body = JSON.stringify({ customerId: 'c-1', name: 'Anna', email: 'anna@example.com' });

const goesOn = async (id: string): Promise<void> => {
  await bench.send(registered(id, id));
  await until(async () => (await bench.rows('event_id = $1', [id]))[0]?.state === 'complete', {
    what: `${id} to be complete`,
  });
};

const linesOf = (id: string, ...more: readonly string[]) => [
  ...Object.entries(headersOf('customer-registered', id)).map(([name, value]) => `${name}: ${value}`),
  ...more,
];

const caseOf = (header: string) =>
  until(() => bench.sentLetters.find(({ event }) => Object.hasOwn(event.headers, header))?.event, {
    what: `a case with the header ${JSON.stringify(header)}`,
  });

test.each([
  ['a space in a name', 'ce id: x', 'ce id', 'x'],
  ['an umlaut in a name', 'Käufer: Anna', 'Käufer', 'Anna'],
  ['a control character in a name', 'ce\u0001id: x', 'ce\u0001id', 'x'],
  ['a line that breaks inside a value', 'x-note: one\ntwo', 'x-note', 'one\ntwo'],
])('a header line with %s makes a case, and the intake goes on', async (what, line, name, value) => {
  await publishLines(bench.rig.nats, subject, linesOf(what.replaceAll(' ', '-'), line), body);
  const event = await caseOf(name);
  expect(event).toMatchObject({ reason: 'bad-headers', customerId: 'c-1', problems: [{ field: 'headers' }] });
  expect(event.headers[name]).toBe(value);
  expect(event.headers['ce-type']).toBe('customer-registered');
  await goesOn(`after-${what.replaceAll(' ', '-')}`);
});

test('two headers of one name are kept both, and an id that was given twice is none', async () => {
  await publishLines(bench.rig.nats, subject, linesOf('doubled', 'ce-id: doubled-too', 'x-more: a', 'x-more: b'), body);
  const event = await caseOf('x-more');
  expect(event).toMatchObject({ reason: 'bad-headers', problems: [{ field: 'ce-id' }] });
  expect(event.headers).toMatchObject({ 'ce-id': 'doubled, doubled-too', 'x-more': 'a, b' });
});

test('a case that is no text of PostgreSQL is not believed, and holds up nobody', async () => {
  await publishLines(bench.rig.nats, subject, linesOf('nul', 'repair-case: a\u0000b'), body);
  await goesOn('after-nul');
  await until(async () => (await bench.rows(`event_id = 'nul'`))[0]?.caseId === null);
});

test('a message that the mediator store cannot keep becomes a case, and those recorded with it go on', async () => {
  await bench.sql.query(`
    CREATE FUNCTION mediator_store.refuse_row() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = '22P05'; END$$`);
  await bench.sql.query(`
    CREATE TRIGGER refuse BEFORE INSERT ON mediator_store.initiating_event FOR EACH ROW WHEN (NEW.event_id = 'unkept')
      EXECUTE FUNCTION mediator_store.refuse_row()`);
  await Promise.all(['beside-1', 'unkept', 'beside-2'].map((id) => bench.send(registered(id, id))));
  await bench.drained();
  await goesOn('after-unkept');
  const areComplete = async () => (await bench.rows(`event_id LIKE 'beside-%' AND state = 'complete'`)).length === 2;
  await until(areComplete, { what: 'both to be complete' });
  const { event } = bench.sentLetters.find((one) => one.event.headers['ce-id'] === 'unkept') ?? {};
  expect(event).toMatchObject({ reason: 'not-taken', customerId: null });
  expect(new TextDecoder().decode(event?.body)).toContain('"unkept"');
  await bench.sql.query('DROP TRIGGER refuse ON mediator_store.initiating_event');
});

test('a subscription that the server ends is told in the log, and begins anew', async () => {
  const asked = bench.nats.subscribe('$JS.API.CONSUMER.MSG.NEXT.CUSTOMER_EVENTS.customer-event-queue');
  // The intake asks at least every 10 seconds.
  for await (const { reply } of asked) {
    bench.nats.publish(reply ?? '', Empty, { headers: headers(400, 'Bad Request') });
    break;
  }
  await until(() => bench.told.some((line) => line.includes('cannot get at its queue')));
  await goesOn('after-broken');
});
