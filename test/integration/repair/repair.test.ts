import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { repairWorkflowId } from '../../../contracts/ids.ts';
import { holdBy } from '../../support/hold-tables.ts';
import { createRepairCaseStore } from '../../../activities/repair/case-store.ts';
import { until } from '../../support/until.ts';
import { bodyOf, erroneous, openStage, orderOf, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.rig.close());

const stepsOf = async (caseId: string) => (await stage.caseOf(caseId)).audit.map(({ step }) => step);

describe('an erroneous event that rules can repair', () => {
  test('goes back to its own queue under a new id, and its case ends when it was taken', async () => {
    const event = erroneous(orderOf('12 EACH', '0-13-468599-7'));
    await stage.send(event, false);
    const open = await stage.isIn(event.caseId, 'resubmitted');
    expect(open.rule).toBe('isbn-separators@1, isbn-10@1, quantity-with-unit@1');
    const [message] = await until(async () => nonEmpty(await stage.resubmitted(event.caseId)));
    expect(message).toMatchObject({
      subject: 'customer.event.place-order',
      headers: {
        [eventHeaders.id]: `${event.headers['ce-id']}~1`,
        [eventHeaders.source]: 'web-shop',
        [eventHeaders.key]: 'c-1',
        [eventHeaders.caseId]: event.caseId,
      },
    });
    expect(bodyOf(message!)).toMatchObject({ lines: [{ isbn: '9780134685991', quantity: 12 }] });
    await stage.accepted(event.caseId);
    expect(await stage.end(event.caseId)).toBe('repaired');
    expect(await stepsOf(event.caseId)).toEqual(['handed-over', 'rules-applied', 'resubmitted', 'accepted']);
    const closed = await stage.caseOf(event.caseId);
    expect([closed.body, closed.proposal, closed.closedAt !== null]).toEqual([null, null, true]);
  });

  test('handed over twice is repaired once', async () => {
    const event = erroneous(orderOf('3 PCS'));
    await Promise.all([stage.send(event, false), stage.send(event, false)]);
    await stage.isIn(event.caseId, 'resubmitted');
    await stage.send(event, false);
    await stage.accepted(event.caseId);
    await stage.end(event.caseId);
    expect(await stepsOf(event.caseId)).toEqual(['handed-over', 'rules-applied', 'resubmitted', 'accepted']);
    expect(await stage.resubmitted(event.caseId)).toHaveLength(1);
  });

  test('goes back when its queue can be reached again, once', async () => {
    await stage.rig.nats.kill();
    const event = erroneous(orderOf('6 PCS'));
    await stage.send(event, false);
    await stage.isIn(event.caseId, 'resubmitted');
    await stage.rig.nats.start();
    await until(async () => nonEmpty(await stage.resubmitted(event.caseId)), { within: 30_000 });
    await stage.accepted(event.caseId);
    expect(await stage.end(event.caseId)).toBe('repaired');
    expect(await stepsOf(event.caseId)).toEqual(['handed-over', 'rules-applied', 'resubmitted', 'accepted']);
    expect(await stage.resubmitted(event.caseId)).toHaveLength(1);
  });

  test('that fails again comes back to the same case and waits for a person', async () => {
    const event = erroneous(orderOf('4 PCS'));
    await stage.send(event, false);
    const [message] = await until(async () => nonEmpty(await stage.resubmitted(event.caseId)));
    await until(async () => (await stepsOf(event.caseId)).includes('resubmitted'));
    const again = { ...event, body: message!.data, streamSequence: 900, message: 'There is no customer c-1.' };
    await stage.send({ ...again, reason: 'refused', problems: [] }, true);
    await stage.send({ ...again, reason: 'refused', problems: [] }, true);
    const waiting = await stage.isIn(event.caseId, 'waiting');
    expect(waiting).toMatchObject({ reason: 'refused', message: 'There is no customer c-1.', resubmissions: 1 });
    expect(await stepsOf(event.caseId)).toEqual(['handed-over', 'rules-applied', 'resubmitted', 'returned', 'waiting']);
  });

  test('that comes back after it was taken opens its closed case again', async () => {
    const event = erroneous(orderOf('5 PCS'));
    await stage.send(event, false);
    const [message] = await until(async () => nonEmpty(await stage.resubmitted(event.caseId)));
    await stage.accepted(event.caseId);
    expect(await stage.end(event.caseId)).toBe('repaired');
    await stage.send({ ...event, body: message!.data, streamSequence: 901, reason: 'refused', problems: [] }, true);
    const waiting = await stage.isIn(event.caseId, 'waiting');
    expect(waiting.closedAt).toBeNull();
    expect(new TextDecoder().decode(waiting.body ?? new Uint8Array())).toContain('"quantity":5');
  });
});

describe('an erroneous event that no rule can repair', () => {
  test('waits for a person, whose message is checked by field before it goes back', async () => {
    const event = erroneous(orderOf('twelve'));
    await stage.send(event, false);
    const waiting = await stage.isIn(event.caseId, 'waiting');
    expect(waiting.problems.map(({ field }) => field)).toEqual(['lines[0].quantity']);
    expect(waiting.rule).toBeNull();

    const bad = await stage.act(event.caseId, 'resubmit', { actor: 'Ruth', body: JSON.stringify(orderOf(0)) });
    expect(bad).toMatchObject({ ok: false, problems: [{ field: 'lines[0].quantity' }] });
    const none = await stage.act(event.caseId, 'resubmit', { actor: 'Ruth', body: '{"__proto__":{}}' });
    expect(none.ok).toBe(false);
    expect((await stage.caseOf(event.caseId)).state).toBe('waiting');

    await stage.act(event.caseId, 'take', { actor: 'Ruth' });
    const good = await stage.act(event.caseId, 'resubmit', { actor: 'Ruth', body: JSON.stringify(orderOf(12)) });
    expect(good).toMatchObject({ ok: true, state: 'resubmitted' });
    const [message] = await until(async () => nonEmpty(await stage.resubmitted(event.caseId)));
    expect(bodyOf(message!)).toMatchObject({ lines: [{ quantity: 12 }] });
    await stage.accepted(event.caseId);
    expect(await stage.end(event.caseId)).toBe('repaired');
    const closed = await stage.caseOf(event.caseId);
    expect(closed.owner).toBe('Ruth');
    const steps = closed.audit.map(({ step, actor }) => [step, actor]);
    expect(steps).toEqual([
      ['handed-over', null],
      ['waiting', null],
      ['taken', 'Ruth'],
      ['edited', 'Ruth'],
      ['resubmitted', null],
      ['accepted', null],
    ]);
    expect(JSON.stringify(closed.audit)).not.toContain('card_ok');
  });

  test('is discarded with a reason, once, and takes no more actions', async () => {
    const event = erroneous('{"half":');
    await stage.send({ ...event, reason: 'not-json', problems: [] }, false);
    await stage.isIn(event.caseId, 'waiting');
    const discard = { actor: 'Ruth', reason: 'A test message of the producer.' };
    expect(await stage.act(event.caseId, 'discard', discard)).toMatchObject({ ok: true, state: 'discarded' });
    expect(await stage.end(event.caseId)).toBe('discarded');
    await expect(stage.act(event.caseId, 'discard', discard)).rejects.toThrow(/is closed \(discarded\)/);
    const closed = await stage.caseOf(event.caseId);
    expect(closed.audit.at(-1)).toMatchObject({
      step: 'discarded',
      actor: 'Ruth',
      details: { reason: discard.reason },
    });
    expect(closed.body).toBeNull();
  });

  test('is given up together with its event: there is no moment when only one of the two is', async () => {
    const event = erroneous(orderOf('a dozen'));
    await stage.send(event, false);
    await stage.isIn(event.caseId, 'waiting');
    const { prisma } = stage.database;
    await prisma.$executeRaw`
      INSERT INTO mediator_store.initiating_event (source, event_id, name, body_hash, state, stream_sequence, position, case_id)
      VALUES ('web-shop', 'given-up', 'place-order', '', 'dead-lettered', 1, 1, ${event.caseId})`;
    const state = async () => {
      const rows = await prisma.$queryRaw<{ state: string }[]>`
        SELECT state FROM mediator_store.initiating_event WHERE event_id = 'given-up'`;
      return rows[0]?.state;
    };
    const pool = new pg.Pool({ connectionString: stage.rig.databaseUrl, max: 1 });
    const release = await holdBy(pool, `SELECT FROM repair.case WHERE case_id = '${event.caseId}' FOR UPDATE`);
    const discarded = stage.act(event.caseId, 'discard', { actor: 'Ruth', reason: 'Nobody knows how many.' });
    await until(async () => {
      const waiting = await prisma.$queryRaw<object[]>`
        SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      return waiting.length > 0;
    });
    expect(await state()).toBe('dead-lettered');
    await release();
    await pool.end();
    expect(await discarded).toMatchObject({ ok: true });
    expect(await state()).toBe('discarded');
  });

  test('of more than 64 KiB is written shorter by a person', async () => {
    const event = erroneous(`{"x":"${'y'.repeat(900_000)}"}`, { reason: 'too-large', problems: [] });
    await stage.send(event, false);
    await stage.isIn(event.caseId, 'waiting');
    const act = (body: string) => stage.act(event.caseId, 'resubmit', { actor: 'Ruth', body });
    await expect(act('x'.repeat(65 * 1024))).rejects.toThrow(/text of at most 64 KiB/);
    expect(await act(JSON.stringify(orderOf(1)))).toMatchObject({ ok: true, state: 'resubmitted' });
    const [message] = await until(async () => nonEmpty(await stage.resubmitted(event.caseId)));
    expect(bodyOf(message!)).toMatchObject({ lines: [{ quantity: 1 }] });
    await stage.accepted(event.caseId);
    expect(await stage.end(event.caseId)).toBe('repaired');
  });

  test('takes no headers that are no texts, from wherever the action comes', async () => {
    const event = erroneous('{}');
    await stage.send(event, false);
    await stage.isIn(event.caseId, 'waiting');
    const headers = { 'ce-time': 7 } as never;
    const sent = stage.act(event.caseId, 'resubmit', { actor: 'Ruth', body: JSON.stringify(orderOf(1)), headers });
    await expect(sent).rejects.toThrow(/The headers must be at most 20 names with their texts/);
    await stage.act(event.caseId, 'discard', { actor: 'Ruth', reason: 'tried enough' });
  });

  test('with an id that was used twice never goes back by itself, whatever rules could do', async () => {
    const event = erroneous(orderOf('7 EACH'), { reason: 'id-used-twice', problems: [] });
    await stage.send(event, false);
    const waiting = await stage.isIn(event.caseId, 'waiting');
    expect(waiting.rule).toBe('quantity-with-unit@1');
    expect(new TextDecoder().decode(waiting.proposal ?? new Uint8Array())).toContain('"quantity":7');
    expect(await stage.resubmitted(event.caseId)).toEqual([]);
  });

  test('whose workflow Temporal has lost is taken up again when a workflow processor starts', async () => {
    const event = erroneous(orderOf('a dozen'));
    await stage.send(event, false);
    await stage.isIn(event.caseId, 'waiting');
    const handle = stage.client.workflow.getHandle(repairWorkflowId(event.caseId));
    await handle.terminate('lost');
    await stage.rig.launchWorker('workflow-processor');
    await until(async () => (await handle.describe()).status.name === 'RUNNING');
    await stage.act(event.caseId, 'discard', { actor: 'Ruth', reason: 'Nobody knows how many.' });
    expect((await stage.caseOf(event.caseId)).audit.map(({ step }) => step)).toEqual([
      'handed-over',
      'waiting',
      'discarded',
    ]);
  });

  test('whose workflow cannot be started keeps no other from being taken up again', async () => {
    const { openCase } = createRepairCaseStore(stage.database);
    // Temporal takes no id that long.
    await openCase(erroneous(orderOf('a dozen'), { caseId: 'x'.repeat(1_100) }), false);
    const event = erroneous(orderOf('a dozen'));
    await openCase(event, false);
    await stage.rig.launchWorker('workflow-processor');
    await stage.isIn(event.caseId, 'waiting');
  });
});

const nonEmpty = <Item>(items: readonly Item[]): readonly Item[] | false => items.length > 0 && items;
