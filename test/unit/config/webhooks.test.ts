import { expect, test } from 'vitest';
import { loadWebhookConfig } from '../../../config/webhooks.ts';

test('without settings only the public internet is called, by https', () => {
  expect(loadWebhookConfig({})).toEqual({
    allowedHosts: new Set(),
    isHttpAllowed: false,
    switchOffAfter: 5 * 24 * 3_600_000,
  });
});

test('the settings are read', () => {
  const env = {
    WEBHOOK_ALLOWED_HOSTS: 'LocalHost:9000, [::1]:9001',
    WEBHOOK_ALLOW_HTTP: 'true',
    WEBHOOK_SWITCH_OFF_AFTER: '2 hours',
  };
  expect(loadWebhookConfig(env)).toEqual({
    allowedHosts: new Set(['localhost:9000', '[::1]:9001']),
    isHttpAllowed: true,
    switchOffAfter: 7_200_000,
  });
});

test('every setting that cannot be used is named', () => {
  const env = { WEBHOOK_ALLOWED_HOSTS: 'localhost', WEBHOOK_ALLOW_HTTP: 'yes', WEBHOOK_SWITCH_OFF_AFTER: 'never' };
  const load = () => loadWebhookConfig(env);
  for (const name of Object.keys(env)) expect(load).toThrow(`${name}: must be`);
});
