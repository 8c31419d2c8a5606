import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { removeWebhook, switchWebhookOff, switchWebhookOn } from '../../../app/webhooks.ts';
import { listWebhooks } from '../../../app/reads/webhooks.ts';
import type { RunningComponent } from '../../../broker-bridge/component.ts';
import { status } from '../../support/receiver.ts';
import { until } from '../../support/until.ts';
import { openWebhooks, type Added, type StageSettings, type WebhookStage } from '../../support/webhooks.ts';

let stage: WebhookStage;
let part: RunningComponent | undefined;

beforeAll(async () => {
  stage = await openWebhooks();
  await start({}); // its first start makes the tables
});

afterEach(async () => {
  for (const { id } of await listWebhooks(stage.sources.database)) await removeWebhook(stage.sources, id);
});

afterAll(() => stage?.bridge.rig.close());

/** Starts the listener anew with these settings. */
async function start(settings: StageSettings): Promise<void> {
  await part?.stop();
  const heard = () => stage.bridge.told.filter((line) => line.includes('The listener listens')).length;
  const before = heard();
  part = stage.start(settings);
  await until(() => heard() >= before + 2, { what: 'both consumers' });
}

const keys = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

const record = (key: string, each = 1) => stage.bridge.record([key], each);

const arrived = ({ receiver }: Added, posts: number): Promise<unknown> =>
  until(() => receiver.posts.length >= posts, {
    within: 60_000,
    what: () => `${posts} requests; ${receiver.posts.length} came. ${stage.bridge.told.slice(-10).join('; ')}`,
  });

const isOff = ({ id }: Added): Promise<unknown> =>
  until(async () => (await stage.shown(id)).state === 'off', { what: 'it to be switched off' });

const idsAt = ({ receiver }: Added) => new Set(receiver.posts.map(({ headers }) => headers['webhook-id']));

const toldOff = ({ id }: Added) =>
  stage.rows<object>(`SELECT name, area, body, causation_id AS cause FROM outbox.fact WHERE key = $1`, id);

describe('an endpoint', () => {
  test('that answers 410 Gone is switched off at once, and the others are told', async () => {
    await start({});
    const gone = await stage.receiver(['email-sent'], status(410));
    const other = await stage.receiver(['webhooks']);
    await record('ord-gone');
    await isOff(gone);
    await arrived(other, 1);
    const [cause] = await stage.factsOf('ord-gone');
    const body = { webhookId: gone.id, reason: 'gone', failingSince: expect.any(String) as string };
    expect(await toldOff(gone)).toEqual([{ name: 'webhook-switched-off', area: 'webhooks', body, cause }]);
    expect(JSON.parse(other.receiver.posts[0]?.body ?? '')).toMatchObject({ type: 'webhook-switched-off', data: body });
    expect(await stage.shown(gone.id)).toMatchObject({ reason: 'It answered 410 Gone.', waiting: 1 });
    expect(gone.receiver.posts).toHaveLength(1);
  });

  test('that fails for too long is switched off and told of, once; what waits goes on when it is on again', async () => {
    await start({ switchOffAfter: 500 });
    const added = await stage.receiver(['email-sent'], status(503));
    await record('ord-failing', 8);
    await isOff(added);
    const before = await stage.shown(added.id);
    expect(before).toMatchObject({
      reason: 'It has failed for too long.',
      problem: 'It answered with the status 503.',
    });
    await until(async () => (await held(added)).length === 8, { what: 'all to be held back' });
    added.receiver.answer(status(204));
    const sofar = added.receiver.posts.length;
    await record('ord-while-off');
    const other = await stage.receiver(['email-sent']);
    await record('ord-failing-after');
    await arrived(other, 1);
    expect(added.receiver.posts).toHaveLength(sofar);
    expect(await toldOff(added)).toHaveLength(1);
    await switchWebhookOn(stage.sources, added.id, { actor: 'Ada' });
    await until(async () => (await stage.shown(added.id)).waiting === 0, { what: 'what waited' });
    expect(idsAt(added)).toEqual(new Set(await stage.factsOf('ord-failing')));
    expect(await stage.shown(added.id)).toMatchObject({ state: 'on', reason: null, failingSince: null, givenUp: 0 });
  });

  test('that a person switches off keeps what waits, and nothing is told', async () => {
    await start({ pauses: { first: 3_600_000, longest: 3_600_000 } });
    const added = await stage.receiver(['email-sent'], status(500));
    await record('ord-by-hand', 2);
    await arrived(added, 2);
    await switchWebhookOff(stage.sources, added.id, { reason: 'They move house.', actor: 'Ada' });
    expect(await stage.shown(added.id)).toMatchObject({ reason: 'They move house.', waiting: 2, changedBy: 'Ada' });
    added.receiver.answer(status(200));
    await switchWebhookOn(stage.sources, added.id, { actor: 'Bob' });
    await arrived(added, 4);
    expect(await toldOff(added)).toEqual([]);
  });

  test('that asks to be left alone gets no other message meanwhile either', async () => {
    await start({ pauses: { first: 20, longest: 3_600_000 } });
    const added = await stage.receiver(['email-sent'], status(429, { 'retry-after': '86400' }));
    await record('ord-quiet');
    await until(async () => (await stage.rows(dueInAnHour, added.id)).length === 1, { what: 'the message to wait' });
    await record('ord-quiet', 3);
    await until(async () => (await stage.rows(dueInAnHour, added.id)).length === 4, { what: 'the others to wait' });
    expect(added.receiver.posts).toHaveLength(1);
    const attempts = await stage.rows<{ attempts: number }>(
      'SELECT attempts FROM webhooks.outgoing WHERE lane = $1',
      added.id,
    );
    expect(attempts.map((row) => row.attempts).toSorted((one, other) => one - other)).toEqual([0, 0, 0, 1]);
  });

  test('that takes everything but one message gets that one until it is given up', async () => {
    await start({ switchOffAfter: 1_500, pauses: { first: 20, longest: 50 } });
    const added = await stage.receiver(['email-sent'], (answer, { body }) =>
      answer.writeHead(body.includes('ord-poison') ? 422 : 204).end(),
    );
    await record('ord-poison');
    await until(async () => {
      await record('ord-good');
      return (await stage.shown(added.id)).givenUp === 1;
    });
    expect(await stage.shown(added.id)).toMatchObject({ state: 'on', waiting: expect.any(Number) as number });
    const tries = added.receiver.posts.filter(({ body }) => body.includes('ord-poison')).length;
    expect(tries).toBeGreaterThan(25);
  });

  test('that redirects is not followed', async () => {
    await start({});
    const target = await stage.receiver(['stock']);
    const added = await stage.receiver(['email-sent'], status(302, { location: target.receiver.url }));
    await record('ord-redirected');
    await arrived(added, 3);
    expect((await stage.shown(added.id)).problem).toBe('It answered with the status 302; redirects are not followed.');
    expect(target.receiver.posts).toEqual([]);
  });
});

const dueInAnHour = `SELECT FROM webhooks.outgoing WHERE lane = $1 AND due_at > now() + interval '55 minutes'`;

const held = ({ id }: Added) => stage.rows(`SELECT FROM webhooks.outgoing WHERE lane = $1 AND due_at = 'infinity'`, id);

describe('a slow endpoint', () => {
  test('with many waiting messages slows no other one', async () => {
    await start({ limits: { answerWithin: 600_000 } }); // none is given up meanwhile
    const slow = await stage.receiver(['email-sent'], () => undefined); // never answers
    // Each of another key: facts of one key are published one after the other, which takes its time on a busy disk.
    await stage.bridge.record(keys('ord-slow', 300), 1);
    await until(async () => (await stage.shown(slow.id)).waiting === 300, { what: 'all to wait', within: 60_000 });
    const quick = await stage.receiver(['email-sent']);
    await stage.bridge.record(keys('ord-quick', 50), 1);
    await arrived(quick, 50);
    const facts = await Promise.all(keys('ord-quick', 50).map(stage.factsOf));
    expect(idsAt(quick)).toEqual(new Set(facts.flat()));
    expect(slow.receiver.posts).toHaveLength(4); // its room, and no more
  });

  test('is given up after a while, and asked again', async () => {
    await start({ limits: { answerWithin: 200 } });
    const slow = await stage.receiver(['email-sent'], () => undefined);
    await record('ord-silent');
    await arrived(slow, 3);
    expect((await stage.shown(slow.id)).problem).toBe('It gave no answer within 0.2 seconds.');
  });

  test('whose answer never ends has taken the message: the status decides', async () => {
    // So long that nothing of the message would be noted if it were read to the end.
    await start({ limits: { answerWithin: 600_000, mostRead: 10_000 } });
    let written = 0;
    const endless = await stage.receiver(['email-sent'], (answer) => {
      answer.writeHead(200);
      const write = (): void => {
        while (!answer.destroyed && answer.write('x'.repeat(10_000))) written += 10_000;
      };
      answer.on('drain', write);
      answer.on('error', () => undefined);
      write();
    });
    await record('ord-endless');
    await until(async () => (await stage.shown(endless.id)).deliveredAt !== null, { within: 60_000 });
    await until(async () => (await stage.shown(endless.id)).waiting === 0, { within: 60_000 });
    expect(endless.receiver.posts).toHaveLength(1);
    expect(written).toBeLessThan(50_000_000);
  });
});
