import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRepairCaseStore } from '../../../activities/repair/case-store.ts';
import { openInbox, prepareInboxes } from '../../../broker-bridge/facts/inbox.ts';
import { prepareDatabase, schemaOf } from '../../../broker-bridge/facts/prepare-database.ts';
import { loadListener, loadListeners } from '../../../listeners/load-listener.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { prepareLogins } from '../../../prisma/roles/prepare-logins.ts';
import { databaseOf, roleNameOf } from '../../../prisma/roles/prepare-roles.ts';
import { databaseRoles } from '../../../prisma/roles/roles.ts';
import { erroneous } from '../repair/stage.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { declared, sampled } from '../sql/sampled.ts';
import { databaseDeeds } from './database-deeds.ts';
import { statementsOf } from './statements-of-roles.ts';

const listeners = await loadListeners();
const schemas = listeners.map(schemaOf);
const roles = databaseRoles(schemas).map(({ name }) => name);
const statements = statementsOf(schemas);

let rig: Rig;
let owner: pg.Client;
const logins = new Map<string, pg.Client>();

const loginOf = (role: string): string => `${roleNameOf(databaseOf(rig.databaseUrl), role)}_login`;
const passwordOf = (role: string): string => `secret of ${role}`;

function urlOf(role: string): string {
  const url = new URL(rig.databaseUrl);
  url.username = loginOf(role);
  url.password = encodeURIComponent(passwordOf(role));
  return url.href;
}

/** A user of the server for each role, whose connection is kept. */
beforeAll(async () => {
  rig = await openRig();
  await prepareDatabase(rig.databaseUrl, listeners);
  owner = await connected(rig.databaseUrl);
  await prepareLogins(
    rig.databaseUrl,
    roles.map((role) => ({ name: loginOf(role), password: passwordOf(role), roles: [role] })),
  );
  for (const role of roles) {
    logins.set(role, await connected(urlOf(role)));
  }
});
afterAll(() => rig.close());

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  rig.onClose(() => client.end());
  return client;
}

const as = (role: string): pg.Client => logins.get(role) ?? owner;

/** PostgreSQL's code for what a user may not do. */
const refused = expect.stringMatching(/^42501 /) as unknown;

/** Tries a statement and takes it back. PostgreSQL's code and sentence when it fails, or null. */
async function refusalOf(client: pg.Client, text: string): Promise<string | null> {
  await client.query('BEGIN');
  try {
    await client.query(text);
    return null;
  } catch (error) {
    const { code, message } = error as pg.DatabaseError;
    return `${code} ${message}`;
  } finally {
    await client.query('ROLLBACK');
  }
}

describe.each(roles)('%s', (role) => {
  it.each(databaseDeeds)('may $about, or may not', async ({ statements: texts, by }) => {
    const may = by.includes(role) || (role.startsWith('listener-') && by.includes('listener-*'));
    for (const text of texts) expect([text, await refusalOf(as(role), text)]).toEqual([text, may ? null : refused]);
  });

  it('may run every statement of its own', async () => {
    const own = sampled.filter((sample) => statements[role]?.(sample));
    expect(own.length).toBeGreaterThan(0);
    const failed: string[] = [];
    for (const { statement, query } of own) {
      const { text } = query.sql;
      const refusal = await refusalOf(as(role), text.startsWith('TRUNCATE') ? text : `EXPLAIN (GENERIC_PLAN) ${text}`);
      if (refusal !== null) failed.push(`${statement}: ${refusal}`);
    }
    expect(failed).toEqual([]);
  });
});

it('every statement is run by one of the roles', () => {
  const owned = sampled.filter((sample) => Object.values(statements).some((isIts) => isIts(sample)));
  const names = new Set(owned.map(({ statement }) => statement));
  const bySetUp = ['inbox.note-replay'];
  expect(
    declared.map(({ statement }) => statement).filter((name) => !names.has(name) && !bySetUp.includes(name)),
  ).toEqual([]);
});

it.each(['inventory.waiting_place', 'mediator_store.event_position', 'outbox.fact_position_seq'])(
  'numbers of %s are taken by whoever writes them',
  async (sequence) => {
    const takers = roles.filter(
      (role) => sequence.startsWith(`${role}.`) || (role === 'intake' && sequence.includes('event')),
    );
    const may = await Promise.all(roles.map((role) => refusalOf(as(role), `SELECT nextval('${sequence}')`)));
    expect(roles.filter((_, index) => may[index] === null)).toEqual(takers);
  },
);

const openedBy = (consumer: string, caseId = consumer): string =>
  `INSERT INTO repair.case (case_id, consumer, subject, headers, stream_sequence, reason, message) VALUES ('${caseId}', '${consumer}', 'x', '{}', 1, 'x', 'x')`;

it('a listener sees and changes its own cases, and no others', async () => {
  for (const consumer of ['customer-event-queue', 'listener:email-analytics', 'listener:order-timeline'])
    await owner.query(openedBy(consumer));
  const seenBy = async (role: string) =>
    (await as(role).query<{ consumer: string }>('SELECT consumer FROM repair.case ORDER BY consumer')).rows.map(
      ({ consumer }) => consumer,
    );
  expect(await seenBy('listener-email-analytics')).toEqual(['listener:email-analytics']);
  expect(await seenBy('desk')).toEqual(['customer-event-queue', 'listener:email-analytics', 'listener:order-timeline']);
  expect((await as('listener-email-analytics').query(`UPDATE repair.case SET owner = 'x'`)).rowCount).toBe(1);
  const opened = openedBy('listener:email-analytics', 'another');
  expect(await refusalOf(as('listener-email-analytics'), opened)).toBeNull();
  await owner.query('TRUNCATE repair.case');
});

it.each([
  ['listener-email-analytics', 'listener:email-analytics'],
  ['customer-mediator', 'customer-event-queue'],
  ['intake', 'customer-event-queue'],
])('%s hands a dead letter over, and hands it over again when it comes back', async (role, consumer) => {
  const database = openDatabase(urlOf(role), { poolSize: 1 });
  rig.onClose(() => database.close());
  const cases = createRepairCaseStore(database);
  const event = erroneous('{', { caseId: `handed over by ${role}`, consumer });
  await cases.openCase(event, false);
  await cases.openCase({ ...event, streamSequence: 7 }, true);
  const audit = await owner.query<{ step: string }>(
    'SELECT step FROM repair.audit WHERE case_id = $1 ORDER BY position',
    [event.caseId],
  );
  expect(audit.rows.map(({ step }) => step)).toEqual(['handed-over', 'returned']);
});

it('a role that had more rights loses them, and one that has them keeps them, when the set-up runs again', async () => {
  const payment = roleNameOf(databaseOf(rig.databaseUrl), 'payment');
  await owner.query(`GRANT SELECT ON inventory.stock TO ${payment}; GRANT USAGE ON SCHEMA inventory TO ${payment}`);
  expect(await refusalOf(as('payment'), 'SELECT on_hand FROM inventory.stock')).toBeNull();
  await prepareDatabase(rig.databaseUrl, listeners);
  expect(await refusalOf(as('payment'), 'SELECT on_hand FROM inventory.stock')).toEqual(refused);
  expect(await refusalOf(as('payment'), 'SELECT order_id FROM payment.charge')).toBeNull();
});

it('a listener works with the tables that the set-up has made, and says what to do when it needs others', async () => {
  const listener = await loadListener('email-analytics');
  const inbox = openInbox(urlOf('listener-email-analytics'), listener.schema);
  rig.onClose(() => inbox.close());
  await inbox.prepare(listener);
  await inbox.transaction(async (tx) => void (await tx.note(['00000000-0000-4000-8000-000000000001'])));
  await expect(inbox.prepare({ ...listener, tables: `${listener.tables}; SELECT 1` })).rejects.toThrow(
    'The listener email-analytics lacks tables of this version, and this user of PostgreSQL may not make them: run "npm run migrate" as one that may.',
  );
  await prepareInboxes(rig.databaseUrl, [{ ...listener, tables: `${listener.tables}; SELECT 1` }]);
  await inbox.prepare({ ...listener, tables: `${listener.tables}; SELECT 1` });
});

it('set-ups may run at the same time', async () => {
  await Promise.all([1, 2, 3].map(() => prepareDatabase(rig.databaseUrl, listeners)));
});
