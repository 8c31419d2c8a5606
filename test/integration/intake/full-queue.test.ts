import { afterAll, beforeAll, expect, test } from 'vitest';
import { QueueFull } from '../../../broker-bridge/nats/broker.ts';
import { encodeEvent } from '../../../broker-bridge/intake/encode-event.ts';
import { ensureCustomerEventStream } from '../../../broker-bridge/nats/our-streams.ts';
import { openIntakeBench, registered, type IntakeBench } from '../../support/intake.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench({}, []);
  const management = await bench.nats.jetstreamManager();
  await management.streams.delete('CUSTOMER_EVENTS');
  await ensureCustomerEventStream(bench.broker, { maxMessages: 10 });
});

afterAll(() => bench?.rig.close());

const whyOf = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(
    () => 'taken',
    (error: unknown) => (error instanceof QueueFull ? error.why : error),
  );

test('a full queue refuses new events and tells the producer; what it has taken it keeps, and has room again later', async () => {
  const events = Array.from({ length: 15 }, (_, index) => registered(`e-${index}`, `c-${index}`));
  const answers: unknown[] = [];
  for (const event of events) answers.push(await whyOf(bench.send(event)));
  expect(answers).toEqual([...Array<string>(10).fill('taken'), ...Array<string>(5).fill('full')]);
  bench.startIntake();
  await bench.drained();
  expect(await bench.rows(`state = 'received'`)).toHaveLength(10);
  // Making sure of the queue again, as the intake has done, leaves the limits that it was given.
  expect((await (await bench.nats.jetstreamManager()).streams.info('CUSTOMER_EVENTS')).config.max_msgs).toBe(10);
  for (const event of events.slice(10)) expect(await whyOf(bench.send(event))).toBe('taken');
  await bench.drained();
  expect(await bench.rows(`state = 'received'`)).toHaveLength(15);
});

test('an event that is too large for the server is refused for good', async () => {
  const huge = { ...registered('huge', 'c-huge'), data: { customerId: 'c-huge', name: 'x'.repeat(2 * 1024 * 1024) } };
  expect(await whyOf(bench.send(huge))).toBe('too-large');
});

test('the message id tells a repeat from another body under the same id', () => {
  const ids = [registered('same', 'a'), registered('same', 'a'), registered('same', 'b')].map(
    (event) => encodeEvent(event).id,
  );
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
});
