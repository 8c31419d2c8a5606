import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeWebhook, removeWebhook, rotateWebhook } from '../../../app/webhooks.ts';
import { factStream } from '../../../contracts/facts.ts';
import { takersOf } from '../../../listeners/webhooks/endpoints.ts';
import { allPublished } from '../../support/bridge.ts';
import { status, type ReceivedPost } from '../../support/receiver.ts';
import { until } from '../../support/until.ts';
import { openWebhooks, type Added, type WebhookStage } from '../../support/webhooks.ts';

let stage: WebhookStage;

beforeAll(async () => {
  stage = await openWebhooks();
  stage.start();
  await until(() => stage.bridge.told.some((line) => line.includes('The listener listens')));
});

afterAll(() => stage?.bridge.rig.close());

const verified = (secret: string, { headers, body }: ReceivedPost): unknown =>
  new Verifier(secret).verify(body, headers as Record<string, string>);

const record = (key: string, each = 1) => stage.bridge.record([key], each);

const arrived = ({ receiver }: Added, posts: number): Promise<unknown> =>
  until(() => receiver.posts.length >= posts, { what: `${posts} requests` });

const idle = (): Promise<unknown> =>
  until(async () => (await stage.rows('SELECT FROM webhooks.outgoing')).length === 0, { what: 'all to be sent' });

describe('an endpoint', () => {
  test('gets a fact as a signed CloudEvent, under the id of the fact', async () => {
    const added = await stage.receiver(['email-sent']);
    await record('ord-signed');
    await arrived(added, 1);
    const [post] = added.receiver.posts;
    const [id] = await stage.factsOf('ord-signed');
    if (!post) throw new Error('There is no request.');
    expect(verified(added.secret, post)).toMatchObject({
      specversion: '1.0',
      id,
      source: 'order-mediator',
      type: 'email-sent',
      subject: 'ord-signed',
      keysequence: '1',
      dataschema: 'urn:order-mediator:email-sent:1',
      data: { orderId: 'ord-signed', customerId: 'c-1', kind: 'shipped' },
    });
    expect(post.headers).toMatchObject({ 'content-type': 'application/cloudevents+json', 'webhook-id': id });
    expect(() => verified(added.secret, { ...post, body: `${post.body} ` })).toThrow('No matching signature');
    await idle();
    expect((await stage.shown(added.id)).deliveredAt).not.toBeNull();
  });

  test('takes a fact of the very millisecond in which it was added, and none of the one before', async () => {
    const { id } = await stage.receiver(['price-changed']);
    await stage.rows(`UPDATE webhooks.endpoint SET added_at = '2026-11-23T10:00:00.123456Z' WHERE id = $1`, id);
    const takersAt = (time: string) =>
      stage.sources.database.run(takersOf({ area: 'stock', name: 'price-changed', time }));
    expect(await takersAt('2026-11-23T10:00:00.122Z')).toEqual([]);
    expect(await takersAt('2026-11-23T10:00:00.123Z')).toEqual([{ id }]);
    await removeWebhook(stage.sources, id);
  });

  test('gets the facts that it takes, and those only that happen after it was added', async () => {
    await record('ord-before');
    const [byArea, byName, other] = await Promise.all([
      stage.receiver(['orders']),
      stage.receiver(['stock', 'email-sent']),
      stage.receiver(['order-shipped']),
    ]);
    await record('ord-after', 3);
    await Promise.all([arrived(byArea, 3), arrived(byName, 3)]);
    await idle();
    for (const { receiver } of [byArea, byName]) expect(receiver.posts).toHaveLength(3);
    const ids = await stage.factsOf('ord-after');
    for (const { receiver } of [byArea, byName]) {
      expect(new Set(receiver.posts.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(ids));
    }
    expect(other.receiver.posts).toEqual([]);
    await changeWebhook(stage.sources, byArea.id, { takes: ['stock'], actor: 'Ada' });
    await record('ord-changed');
    await arrived(byName, 4);
    expect(byArea.receiver.posts).toHaveLength(3);
  });

  test('gets a fact once, however often the stream delivers it', async () => {
    const added = await stage.receiver(['email-sent']);
    await record('ord-twice');
    await allPublished(stage.bridge);
    const [id] = await stage.factsOf('ord-twice');
    const held = (await stage.bridge.stream()).find(({ fact }) => fact.id === id);
    const message = await stage.bridge.broker.message(factStream.name, held?.streamSequence ?? 0);
    if (!message) throw new Error('The fact is not in the stream.');
    await stage.bridge.broker.publish({ ...message, headers: message.headers, id: 'another-message-id' });
    await record('ord-twice-after');
    await arrived(added, 2);
    await idle();
    expect(added.receiver.posts.map(({ headers }) => headers['webhook-id'])).toEqual([
      id,
      ...(await stage.factsOf('ord-twice-after')),
    ]);
  });

  test('checks with the old or the new secret while one takes the place of the other', async () => {
    const added = await stage.receiver(['email-sent']);
    const { secret: next } = await rotateWebhook(stage.sources, added.id, { keepFor: '1 day', actor: 'Ada' });
    await record('ord-rotating');
    await arrived(added, 1);
    const { secret: last } = await rotateWebhook(stage.sources, added.id, { keepFor: '0 days', actor: 'Ada' });
    await record('ord-rotated');
    await arrived(added, 2);
    const [both, one] = added.receiver.posts;
    if (!both || !one) throw new Error('There are no requests.');
    expect(String(both.headers['webhook-signature']).split(' ')).toHaveLength(2);
    for (const secret of [added.secret, next])
      expect(verified(secret, both)).toMatchObject({ subject: 'ord-rotating' });
    expect(verified(last, one)).toMatchObject({ subject: 'ord-rotated' });
    for (const secret of [added.secret, next]) expect(() => verified(secret, one)).toThrow('No matching signature');
  });

  test('gets a message that it did not take again, under the same id and with the same body, until it takes it', async () => {
    const added = await stage.receiver(['email-sent'], (answer, _, earlier) =>
      earlier < 3 ? answer.writeHead(500).end() : answer.end(),
    );
    await record('ord-again');
    await arrived(added, 4);
    await idle();
    const { posts } = added.receiver;
    expect(new Set(posts.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set(await stage.factsOf('ord-again')),
    );
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
    for (const post of posts) expect(verified(added.secret, post)).toMatchObject({ subject: 'ord-again' });
    expect(await stage.shown(added.id)).toMatchObject({ failingSince: null, problem: null, givenUp: 0 });
  });

  test('gets nothing any more when it is removed, not even what waits', async () => {
    const added = await stage.receiver(['email-sent'], status(500));
    await record('ord-removed');
    await arrived(added, 1);
    await removeWebhook(stage.sources, added.id);
    await idle();
    const before = added.receiver.posts.length;
    await record('ord-removed');
    const other = await stage.receiver(['email-sent']);
    await record('ord-removed');
    await arrived(other, 1);
    expect(added.receiver.posts.length).toBeLessThanOrEqual(before + 1); // one was under way
  });
});
