import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from '../../../config/config.ts';
import { openHandOut } from '../../../stack/system/hand-out.ts';

const folder = mkdtempSync(join(tmpdir(), 'hand-out-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { stack: ports } = loadConfig({});
const handOut = (environment: NodeJS.ProcessEnv) => {
  const { provided } = loadConfig(environment);
  const listeners = [{ name: 'order-timeline' }, { name: 'web-hooks', sends: true }];
  return openHandOut({
    folder,
    ports,
    provided,
    listeners,
    environment: { NATS_URL: 'nats://own:4222', ...environment },
  });
};

it('a process gets the logins of its own users, the same ones at every start, and none of what the environment has left over', () => {
  const { environmentOf } = handOut({
    NATS_CREDS: 'other.creds',
    NATS_URL_RELAY: 'nats://other:4222',
    LOG_LEVEL: 'warn',
  });
  const relay = environmentOf('relay');
  expect(relay).toEqual({
    LOG_LEVEL: 'warn',
    NATS_URL: `nats://127.0.0.1:${ports.nats}`,
    NATS_URL_RELAY: expect.stringMatching(/^nats:\/\/relay:[0-9a-f]{48}@127\.0\.0\.1:\d+$/) as string,
  });
  expect(Object.keys(environmentOf('listeners'))).toEqual([
    'LOG_LEVEL',
    'NATS_URL',
    'NATS_URL_LISTENER_ORDER_TIMELINE',
    'NATS_URL_LISTENER_WEB_HOOKS',
  ]);
  expect(environmentOf('processors')).toEqual({ LOG_LEVEL: 'warn', NATS_URL: relay['NATS_URL'] });
  expect(handOut({}).environmentOf('relay')['NATS_URL_RELAY']).toBe(relay['NATS_URL_RELAY']);
});

it('a server that the environment provides is left to the environment', () => {
  const environment = { NATS_URL: 'nats://nats.example:4222', NATS_URL_RELAY: 'nats://relay:secret@nats.example:4222' };
  expect(handOut(environment).environmentOf('relay')).toEqual(environment);
});

it('each process has a file of its own, for its user alone', () => {
  const { write, environmentOf } = handOut({});
  write();
  const own = join(folder, 'env');
  expect(statSync(own).mode & 0o777).toBe(0o700);
  const modes = readdirSync(own).map((file) => statSync(join(own, file)).mode & 0o777);
  expect(new Set(modes)).toEqual(new Set([0o600]));
  expect(readFileSync(join(own, 'relay.env'), 'utf8')).toBe(
    `NATS_URL=nats://127.0.0.1:${ports.nats}\nNATS_URL_RELAY=${environmentOf('relay')['NATS_URL_RELAY']}\n`,
  );
});
