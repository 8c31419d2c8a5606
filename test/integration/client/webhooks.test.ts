import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startReceiver, type Receiver } from '../../support/receiver.ts';
import { objects, runCommandLine } from '../../support/command-line.ts';
import { until } from '../../support/until.ts';
import { openWebhooks, type WebhookStage } from '../../support/webhooks.ts';

let stage: WebhookStage;
let receiver: Receiver;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  stage = await openWebhooks();
  receiver = await startReceiver(stage.bridge.rig);
  env = {
    ...stage.bridge.rig.env,
    WEBHOOK_ALLOWED_HOSTS: receiver.host,
    WEBHOOK_ALLOW_HTTP: 'true',
    ORDER_ACTOR: 'Ada',
  };
});

afterAll(() => stage?.bridge.rig.close());

const run = (...argv: readonly string[]) => runCommandLine(env, 'webhooks', ...argv);
const unknown = `wh_${'0'.repeat(16)}`;

describe('webhooks', () => {
  test('are none, and cannot be added, while their listener has never run', async () => {
    expect(await run()).toMatchObject({ code: 0, noted: ['There are no webhooks.'] });
    expect(await run('add', receiver.url)).toMatchObject({
      code: 1,
      noted: ['The listener webhooks has never run: start it with "npm run worker -- listener:webhooks".'],
    });
  });

  test('are added, listed, shown, changed, given a new secret, switched off and on, and removed', async () => {
    stage.start();
    await until(() => stage.bridge.told.some((line) => line.includes('The listener listens')));
    const added = await run('add', receiver.url, 'order-shipped', 'stock', '--json');
    const [made] = objects(added) as readonly { webhook: { id: string }; secret: string }[];
    const { id } = made?.webhook ?? { id: '' };
    const secret = made?.secret ?? '';
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(objects(await run('--json'))).toMatchObject([
      { id, url: receiver.url, takes: ['order-shipped', 'stock'], state: 'on', waiting: 0, changedBy: 'Ada' },
    ]);
    for (const shown of [
      await run('list'),
      await run('show', id),
      await run('show', id, '--json'),
      await run('list', '--json'),
    ]) {
      expect(shown.code).toBe(0);
      expect(shown.printed.join('\n')).toContain(receiver.url);
      expect(shown.printed.join('\n')).not.toContain('whsec_');
    }
    expect(objects(await run('change', id, '--facts', 'all', '--json'))).toMatchObject([{ takes: ['all'] }]);
    const rotated = await run('rotate', id, '--actor', 'Bob');
    expect(rotated.printed[1]).toMatch(/^secret {2}whsec_/);
    expect(rotated.printed[1]).not.toContain(secret);
    expect(rotated.noted).toEqual(['Keep the secret now: it is not shown again.']);
    const [shown] = objects(await run('show', id, '--json'));
    expect(Date.parse(String(shown?.['previousSecretUntil'])) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect(shown).toMatchObject({ changedBy: 'Bob' });
    expect(objects(await run('off', id, '--reason', 'They move.', '--json'))).toMatchObject([
      { state: 'off', reason: 'They move.' },
    ]);
    expect((await run('show', id)).printed.join('\n')).toMatch(/state +off, since .*: They move\./);
    expect(objects(await run('on', id, '--json'))).toMatchObject([{ state: 'on', reason: null }]);
    expect((await run('remove', id)).printed).toEqual([`${id}  removed`]);
    expect(objects(await run('--json'))).toEqual([]);
  });

  test.each([
    [['add', 'https://127.0.0.1/'], 'This endpoint cannot be called. Its host is not on the public internet'],
    [['add', 'https://user:pw@example.com/'], 'must not hold a user name or a password'],
    [['add', 'ftp://example.com/'], 'must begin with https://'],
    [['add', 'https://localhost/'], 'This endpoint cannot be called.'],
    [
      ['add', 'https://example.com/', 'order-eaten'],
      'facts must be names of facts such as order-shipped, areas (orders',
    ],
    [['change', unknown], 'must say what is to change: the URL, or the facts'],
    [['rotate', unknown, '--keep-for', '31 days'], '--keep-for must be a length of time such as "1 day"'],
    [['show', 'wh_1'], '"wh_1" is not the id of a webhook.'],
    [['off', unknown, '--reason', ''], '--reason must be text of 1 to 200 characters'],
  ])('%j is refused with a sentence', async (argv, sentence) => {
    const refused = await run(...argv);
    expect(refused).toMatchObject({ code: 2, printed: [] });
    expect(refused.noted).toHaveLength(1);
    expect(refused.noted[0]).toContain(sentence);
    expect(refused.noted[0]).not.toContain('pw');
  });

  test('that are not there are told of, and every change needs a name', async () => {
    for (const argv of [
      ['show'],
      ['on'],
      ['rotate'],
      ['remove'],
      ['off', '--reason', 'x'],
      ['change', '--facts', 'all'],
    ]) {
      const [word = '', ...rest] = argv;
      expect(await run(word, unknown, ...rest)).toMatchObject({ code: 1, noted: ['There is no such webhook.'] });
    }
    const nameless = await runCommandLine({ ...env, ORDER_ACTOR: '' }, 'webhooks', 'on', unknown);
    expect(nameless).toMatchObject({
      code: 2,
      noted: ['Say who acts on the webhook with --actor NAME, or set ORDER_ACTOR.'],
    });
  });

  test('are a hundred at most', async () => {
    const insert = `INSERT INTO webhooks.endpoint (id, url, takes, secret, changed_by)
      SELECT 'wh_' || n, 'https://example.com/', '{stock}', 'whsec_', 'Ada' FROM generate_series(1, 99) AS n`;
    await stage.rows(insert);
    const both = await Promise.all([run('add', receiver.url), run('add', receiver.url)]);
    expect(both.map(({ code }) => code).toSorted((one, other) => one - other)).toEqual([0, 1]);
    expect(both.flatMap(({ noted }) => noted).join()).toContain('There are 100 webhooks, the most that there may be');
  });
});
