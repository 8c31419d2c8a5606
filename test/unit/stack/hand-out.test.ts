import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from '../../../config/config.ts';
import { processorNames } from '../../../contracts/command-routes.ts';
import { openHandOut } from '../../../stack/system/hand-out.ts';

const folder = mkdtempSync(join(tmpdir(), 'hand-out-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { stack: ports } = loadConfig({});
const loginOf = (login: string): unknown =>
  expect.stringMatching(new RegExp(`^postgresql://${login}:[0-9a-f]{48}@127\\.0\\.0\\.1:\\d+/order_mediator$`));

const handOut = (environment: NodeJS.ProcessEnv) => {
  const { provided } = loadConfig(environment);
  const listeners = [{ name: 'order-timeline' }, { name: 'web-hooks', sends: true }];
  return openHandOut({
    folder,
    ports,
    provided,
    listeners,
    environment: { NATS_URL: 'nats://own:4222', DATABASE_URL: 'postgresql://owner:secret@own/shop', ...environment },
  });
};

it('a process gets the logins of its own users, the same ones at every start, and none of what the environment has left over', () => {
  const { environmentOf } = handOut({
    NATS_CREDS: 'other.creds',
    NATS_URL_RELAY: 'nats://other:4222',
    DATABASE_URL_PAYMENT: 'postgresql://other/shop',
    LOG_LEVEL: 'warn',
  });
  const relay = environmentOf('relay');
  expect(relay).toEqual({
    LOG_LEVEL: 'warn',
    NATS_URL: `nats://127.0.0.1:${ports.nats}`,
    NATS_URL_RELAY: expect.stringMatching(/^nats:\/\/relay:[0-9a-f]{48}@127\.0\.0\.1:\d+$/) as string,
    DATABASE_URL: `postgresql://127.0.0.1:${ports.postgres}/order_mediator`,
    DATABASE_URL_RELAY: loginOf('relay'),
  });
  expect(Object.keys(environmentOf('listeners'))).toEqual([
    'LOG_LEVEL',
    'NATS_URL',
    'NATS_URL_LISTENER_ORDER_TIMELINE',
    'NATS_URL_LISTENER_WEB_HOOKS',
    'DATABASE_URL',
    'DATABASE_URL_LISTENER_ORDER_TIMELINE',
    'DATABASE_URL_LISTENER_WEB_HOOKS',
  ]);
  expect(handOut({}).environmentOf('relay')['NATS_URL_RELAY']).toBe(relay['NATS_URL_RELAY']);
});

it('parts that run in one process have one login, which is a member of the roles of all of them', () => {
  const { environmentOf, databaseLogins } = handOut({});
  const processors = environmentOf('processors');
  expect(processors['DATABASE_URL_PAYMENT']).toEqual(loginOf('processors'));
  expect(processors['DATABASE_URL_INVENTORY']).toBe(processors['DATABASE_URL_PAYMENT']);
  expect(processors).not.toHaveProperty('NATS_URL_RELAY');
  expect(environmentOf('payment')['DATABASE_URL_PAYMENT']).toEqual(loginOf('payment'));
  const rolesOf = (login: string) => databaseLogins.find(({ name }) => name === login)?.roles;
  expect(rolesOf('payment')).toEqual(['payment']);
  expect(rolesOf('processors')).toEqual(processorNames);
  expect(rolesOf('returns-mediator')).toEqual(['returns-mediator', 'pruning']);
  expect(rolesOf('mediators')).toEqual(expect.arrayContaining(['customer-mediator', 'pruning', 'bulk']));
});

it('a server that the environment provides is left to the environment', () => {
  const environment = {
    NATS_URL: 'nats://nats.example:4222',
    NATS_URL_RELAY: 'nats://relay:secret@nats.example:4222',
    DATABASE_URL: 'postgresql://db.example/shop',
    DATABASE_URL_RELAY: 'postgresql://relay:secret@db.example/shop',
  };
  expect(handOut(environment).environmentOf('relay')).toEqual(environment);
});

it('each process has a file of its own, for its user alone', () => {
  const { write, environmentOf } = handOut({});
  write();
  const own = join(folder, 'env');
  expect(statSync(own).mode & 0o777).toBe(0o700);
  const modes = readdirSync(own).map((file) => statSync(join(own, file)).mode & 0o777);
  expect(new Set(modes)).toEqual(new Set([0o600]));
  const lines = readFileSync(join(own, 'relay.env'), 'utf8').trimEnd().split('\n');
  const relay = environmentOf('relay');
  const names = ['NATS_URL', 'NATS_URL_RELAY', 'DATABASE_URL', 'DATABASE_URL_RELAY'];
  expect(lines).toEqual(names.map((name) => `${name}=${relay[name]}`));
  expect(readFileSync(join(own, 'payment.env'), 'utf8')).toContain('DATABASE_URL_PAYMENT=');
});
