import { connect } from 'nats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeFact } from '../../../broker-bridge/facts/cloud-events.ts';
import { ensureCustomerEventStream } from '../../../broker-bridge/nats/our-streams.ts';
import { customerEventQueue, eventHeaders } from '../../../contracts/customer-event-queue.ts';
import type { DeadLetter } from '../../../contracts/mediators/repair.ts';
import { until } from '../../support/until.ts';
import { bodyOf, erroneous, openStage, orderOf, type Stage } from './stage.ts';
import { aWrittenFact } from '../../support/facts.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ reminders: [], checkAfter: '1 second' });
});
afterAll(() => stage.rig.close());

const stepsOf = async (caseId: string) => (await stage.caseOf(caseId)).audit.map(({ step }) => step);

/** Hands an event over that a rule repairs; nobody takes it off the queue. */
async function sentBack(): Promise<DeadLetter> {
  const event = erroneous(orderOf('12 EACH'));
  await stage.send(event, false);
  await until(async () => (await stage.resubmitted(event.caseId)).length > 0);
  return event;
}

const overdue = (caseId: string) =>
  until(
    async () => {
      const found = await stage.caseOf(caseId);
      return found.state === 'resubmitted' && found.waitingSince !== null && found;
    },
    { what: 'the case to miss its message', within: 20_000 },
  );

const write = async (id: string, state: string, caseId: string): Promise<unknown> =>
  stage.database.prisma.$executeRaw`
    INSERT INTO mediator_store.initiating_event (source, event_id, name, body_hash, state, stream_sequence, position, case_id)
    VALUES ('web-shop', ${id}, 'place-order', '', ${state}, 1, 1, ${caseId})`;

const stateOf = async (id: string) => {
  const rows = await stage.database.prisma.$queryRaw<{ state: string }[]>`
    SELECT state FROM mediator_store.initiating_event WHERE event_id = ${id}`;
  return rows[0]?.state;
};

describe('a resubmitted event of which no word comes', () => {
  test('was taken: its case ends, and nothing waits for the event it stands for', async () => {
    const event = await sentBack();
    const id = event.headers[eventHeaders.id] ?? '';
    await write(id, 'dead-lettered', event.caseId);
    await write(`${id}~1`, 'complete', event.caseId);
    expect(await stage.end(event.caseId)).toBe('repaired');
    expect(await stateOf(id)).toBe('repaired');
    expect((await stage.caseOf(event.caseId)).audit.at(-1)).toMatchObject({
      step: 'accepted',
      details: { found: 'complete' },
    });
  });

  test('waits for its turn: it was taken all the same, and its case ends', async () => {
    const event = await sentBack();
    await write(`${event.headers[eventHeaders.id]}~1`, 'received', event.caseId);
    expect(await stage.end(event.caseId)).toBe('repaired');
    expect(await stage.resubmitted(event.caseId)).toHaveLength(1);
  });

  test('is still in the queue: a person may send another in its place', async () => {
    const event = await sentBack();
    await overdue(event.caseId);
    expect(await stage.resubmitted(event.caseId)).toHaveLength(1);
    const body = JSON.stringify(orderOf(11));
    expect(await stage.act(event.caseId, 'resubmit', { actor: 'Ruth', body })).toMatchObject({ ok: true });
    const messages = await until(async () => {
      const found = await stage.resubmitted(event.caseId);
      return found[0]?.headers[eventHeaders.id]?.endsWith('~2') && found;
    });
    expect(messages).toHaveLength(1);
    expect(bodyOf(messages[0]!)).toMatchObject({ lines: [{ quantity: 11 }] });
    await stage.accepted(event.caseId);
    expect(await stage.end(event.caseId)).toBe('repaired');
    const steps = ['handed-over', 'rules-applied', 'resubmitted', 'overdue', 'edited', 'resubmitted', 'accepted'];
    expect(await stepsOf(event.caseId)).toEqual(steps);
  });

  test('is not in the queue any more: it is sent again under the same id, and a person may give it up', async () => {
    const event = await sentBack();
    const nats = await connect({ servers: stage.rig.nats.url });
    await (await nats.jetstreamManager()).streams.delete(customerEventQueue.stream);
    await nats.close();
    await ensureCustomerEventStream(stage.broker);
    await overdue(event.caseId);
    const ids = (await stage.resubmitted(event.caseId)).map(({ headers }) => headers[eventHeaders.id]);
    expect(ids).toEqual([`${event.headers[eventHeaders.id]}~1`]);
    await stage.act(event.caseId, 'discard', { actor: 'Ruth', reason: 'Ordered by telephone meanwhile.' });
    expect(await stage.end(event.caseId)).toBe('discarded');
    expect(await stage.resubmitted(event.caseId)).toEqual([]);
  });
});

test('a message that its stream refuses for good waits for a person', async () => {
  const isbn = '9780134685991';
  const fact = { isbn, purchaseOrderId: 'po-1', orderId: 'ord-1', quantity: '12 EACH' };
  const { subject, headers } = encodeFact(aWrittenFact('stock-ordered', isbn, '{}'));
  const long = { ...headers, odd: 'x'.repeat(1_100_000) };
  const event = erroneous(fact, { consumer: 'listener:stock-book', subject, headers: long, problems: [] });
  await stage.send(event, false);
  const waiting = await stage.isIn(event.caseId, 'waiting');
  expect(waiting).toMatchObject({ resubmissions: 1, problems: [{ field: 'the message' }] });
  await stage.act(event.caseId, 'discard', { actor: 'Ruth', reason: 'Too large.' });
});
