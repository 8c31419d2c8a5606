import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareDatabase } from '../../../broker-bridge/facts/prepare-database.ts';
import { loadListeners } from '../../../listeners/load-listener.ts';
import { migrate } from '../../../prisma/migrate.ts';
import { prepareLogins } from '../../../prisma/roles/prepare-logins.ts';
import { openRig, type Rig } from '../../support/rig.ts';

const listeners = await loadListeners();

let rig: Rig;
let superuser: pg.Client;
beforeAll(async () => {
  rig = await openRig();
  superuser = new pg.Client({ connectionString: rig.databaseUrl });
  await superuser.connect();
  rig.onClose(() => superuser.end());
});
afterAll(() => rig.close());

/** A database whose owner is a user of its own, who is no superuser; and its address, as this user. */
async function ownedBy(name: string, may: 'CREATEROLE' | 'NOCREATEROLE'): Promise<string> {
  await superuser.query(`CREATE ROLE ${name} LOGIN PASSWORD 'secret' ${may}`);
  await superuser.query(`CREATE DATABASE ${name} OWNER ${name}`);
  rig.onClose(async () => void (await superuser.query(`DROP DATABASE ${name} WITH (FORCE)`)));
  const url = new URL(rig.databaseUrl);
  url.username = name;
  url.password = 'secret';
  url.pathname = `/${name}`;
  return url.href;
}

async function asking<Answer>(url: string, ask: (client: pg.Client) => Promise<Answer>): Promise<Answer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}

const tellFact = `SELECT outbox.record_fact('orders', 'order-created', 'ord-1', '{}')`;

it('an owner who may make no roles migrates all the same, has none, and works alone', async () => {
  const url = await ownedBy('plain_owner', 'NOCREATEROLE');
  await migrate(url);
  expect(await prepareDatabase(url, listeners)).toBe(false);
  await asking(url, async (client) => {
    await client.query(tellFact);
    expect((await client.query('SELECT FROM outbox.fact')).rowCount).toBe(1);
    await client.query('SELECT FROM order_timeline.fact');
    await client.query(`SELECT repair.append_audit('x', 'x/1', 'taken', 'x', '{}')`);
  });
});

it('an owner who may make roles makes them without being a superuser, again and again', async () => {
  const url = await ownedBy('role_maker', 'CREATEROLE');
  await migrate(url);
  expect(await prepareDatabase(url, listeners)).toBe(true);
  expect(await prepareDatabase(url, listeners)).toBe(true);
  await prepareLogins(url, [{ name: 'role_maker_login', password: 'secret', roles: ['payment'] }]);
  await asking(url.replace('role_maker:', 'role_maker_login:'), async (client) => {
    await client.query(tellFact);
    await client.query('SELECT FROM payment.charge');
    await expect(client.query('SELECT FROM outbox.fact')).rejects.toThrow('permission denied for table fact');
    await expect(client.query('CREATE TEMPORARY TABLE mine ()')).rejects.toThrow('permission denied');
  });
});

it('a login that loses a role loses its rights, and takes a new password', async () => {
  const url = rig.databaseUrl;
  await prepareDatabase(url, listeners);
  const name = `${new URL(url).pathname.slice(1)}_moved`;
  await prepareLogins(url, [{ name, password: 'first', roles: ['payment', 'inventory'] }]);
  await prepareLogins(url, [{ name, password: 'second', roles: ['inventory'] }]);
  const own = new URL(url);
  own.username = name;
  own.password = 'first';
  await expect(asking(own.href, (client) => client.query('SELECT'))).rejects.toThrow('password authentication failed');
  own.password = 'second';
  await asking(own.href, async (client) => {
    await client.query('SELECT FROM inventory.stock');
    await expect(client.query('SELECT FROM payment.charge')).rejects.toThrow('permission denied for schema payment');
  });
});
