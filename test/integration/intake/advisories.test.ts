import { AckPolicy } from 'nats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureAdvisoryStream, ensureFactStream } from '../../../broker-bridge/nats/our-streams.ts';
import { openIntakeBench, registered, type IntakeBench } from '../../support/intake.ts';
import { until } from '../../support/until.ts';

let bench: IntakeBench;

beforeAll(async () => {
  bench = await openIntakeBench();
  await ensureAdvisoryStream(bench.broker);
});

afterAll(() => bench?.rig.close());

test('a fact that a consumer gave up after its last delivery becomes a case of that listener', async () => {
  await ensureFactStream(bench.broker);
  const management = await bench.nats.jetstreamManager();
  await management.consumers.add('FACTS', {
    durable_name: 'forgetful',
    ack_policy: AckPolicy.Explicit,
    max_deliver: 1,
  });
  const { seq } = await bench.nats.jetstream().publish('orders.fact.email-sent.ord-1', '{"orderId":"ord-1"}');
  const consumer = await bench.nats.jetstream().consumers.get('FACTS', 'forgetful');
  (await consumer.next())?.nak();
  await consumer.next({ expires: 1_000 });
  bench.startIntake();
  const { event } = await until(() => bench.sentLetters.find((one) => one.event.reason === 'advisory'), {
    within: 20_000,
  });
  expect(event).toMatchObject({
    consumer: 'listener:forgetful',
    streamSequence: seq,
    subject: 'orders.fact.email-sent.ord-1',
  });
  expect(new TextDecoder().decode(event.body)).toBe('{"orderId":"ord-1"}');
});

test('an event that somebody terminated is a case, in its place; what was terminated after it had gone on is none', async () => {
  const before = bench.sentLetters.length;
  await bench.send(registered('fine', 'fine'));
  await until(async () => (await bench.rows(`event_id = 'fine'`))[0]?.state === 'complete');
  await bench.drained();
  const fine = (await bench.rows(`event_id = 'fine'`))[0]?.sequence ?? 0;
  const advise = (sequence: number) =>
    bench.nats
      .jetstream()
      .publish(
        '$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.CUSTOMER_EVENTS.customer-event-queue',
        JSON.stringify({ stream: 'CUSTOMER_EVENTS', consumer: 'customer-event-queue', stream_seq: sequence }),
      );
  await advise(fine);
  await advise(fine + 1_000);
  await until(() => bench.sentLetters.length > before);
  expect(bench.sentLetters.slice(before).map(({ event }) => event.streamSequence)).toEqual([fine + 1_000]);
  expect((await bench.rows('stream_sequence = $1', [fine + 1_000]))[0]).toMatchObject({ state: 'dead-lettered' });
});
