import { expect, it } from 'vitest';
import { loadDashboardConfig } from '../../../config/dashboard.ts';

const stack = { dashboard: 7830, mails: 7826, temporalUi: 8233 };
const load = (env: Readonly<Record<string, string>>) => loadDashboardConfig(env, stack);
const token = 'x'.repeat(32);

it('the desk listens on this machine only, and links to what npm start runs', () => {
  expect(load({})).toEqual({
    host: '127.0.0.1',
    port: 7830,
    token: undefined,
    publicUrl: undefined,
    mailsUrl: 'http://127.0.0.1:7826',
    temporalUiUrl: 'http://127.0.0.1:8233',
  });
});

it('the desk does not show the mails or the workflows of another stack than the one it works with', () => {
  const own = load({ SMTP_URL: 'smtp://mail.example:25', TEMPORAL_ADDRESS: 'temporal.example:7233' });
  expect([own.mailsUrl, own.temporalUiUrl]).toEqual([undefined, undefined]);
  expect(load({ SMTP_URL: 'smtp://mail.example', MAILS_URL: 'http://mail.example' }).mailsUrl).toBe(
    'http://mail.example',
  );
});

it.each(['0.0.0.0', '::', '192.168.1.5', 'desk.example.org', '127.0.0.1.example.org'])(
  'the desk does not listen on %s without a token',
  (host) => {
    expect(() => load({ DASHBOARD_HOST: host })).toThrow(/DASHBOARD_TOKEN/);
    expect(load({ DASHBOARD_HOST: host, DASHBOARD_TOKEN: token })).toMatchObject({ host, token });
  },
);

it.each(['127.0.0.1', '127.3.2.1', 'localhost', '::1'])('the desk needs no token on %s', (host) => {
  expect(load({ DASHBOARD_HOST: host }).host).toBe(host);
});

it('a token that could be guessed is refused without being repeated', () => {
  for (const weak of ['short', 'x'.repeat(31), `${'x'.repeat(31)} x`]) {
    expect(() => load({ DASHBOARD_TOKEN: weak })).toThrow(/DASHBOARD_TOKEN: must be 32 to 512/);
    expect(() => load({ DASHBOARD_TOKEN: weak })).not.toThrow(weak);
  }
});
