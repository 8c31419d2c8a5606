import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freeStackPorts, startSystemProcess, type SystemProcess } from '../../support/system.ts';
import { aDay, cardNumber, tokens, type Said } from './a-day.ts';
import { everythingKept, placesOf, type Kept } from './search.ts';

const root = mkdtempSync(join(tmpdir(), 'order-mediator-card-tokens-'));
const folder = join(root, 'stack');
let system: SystemProcess;
let said: Said;
let kept: readonly Kept[];

beforeAll(async () => {
  const ports = await freeStackPorts();
  system = await startSystemProcess(folder, ports, { LOG_LEVEL: 'debug' });
  const owner = new pg.Pool({
    connectionString: `postgresql://postgres:postgres@127.0.0.1:${ports.postgres}/order_mediator`,
  });
  owner.on('error', () => undefined);
  const connection = await Connection.connect({ address: `127.0.0.1:${ports.temporal}` });
  const given = (name: string) => parseEnv(readFileSync(join(folder, 'env', `${name}.env`), 'utf8'));
  const env = { ...given('client'), ...given('administrator'), TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}` };
  const natsUrl = given('administrator')['NATS_URL_ADMINISTRATOR'] ?? '';
  const day = { folder, ports, owner, client: new Client({ connection }), natsUrl, env };
  said = await aDay(day);
  kept = await everythingKept(day);
  await Promise.all([owner.end(), connection.close()]);
}, 300_000);
afterAll(async () => {
  await system.stop();
  rmSync(root, { recursive: true, force: true });
});

const architecture = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8');

/** The places that docs/architecture.md lists, in its words, as far as they are this system's own. */
const listed: readonly { readonly says: string; readonly places: readonly string[] }[] = [
  { says: '`mediator_store.flow.working`', places: ['mediator_store.flow.working'] },
  { says: '`mediator_store.initiating_event.body`', places: ['mediator_store.initiating_event.body'] },
  { says: '`repair.case.body` and `proposal`', places: ['repair."case".body', 'repair."case".proposal'] },
  { says: "the workflow's input", places: ['history of orderMediator: workflowExecutionStarted'] },
  {
    says: 'the input of `apply-payment`, `check-card` and `recordAction`',
    places: ['applyPayment', 'checkCard', 'recordAction'].map(
      (activity) => `history of orderMediator: activityTaskScheduled ${activity}`,
    ),
  },
  { says: 'the update `pay`', places: ['history of orderMediator: workflowExecutionUpdateAccepted pay'] },
  {
    says: 'the update `resubmit` and the input of `proposeCase`',
    places: [
      'history of repairCase: workflowExecutionUpdateAccepted resubmit',
      'history of repairCase: activityTaskScheduled proposeCase',
    ],
  },
];

it('the search reads tables, histories, streams, mails, and the logs of all processes', () => {
  const kinds = new Set(
    kept.map(({ place }) => place.replace(/^(history|stream|mail|file)\b.*$/, '$1').replace(/\..*$/, '')),
  );
  for (const kind of ['history', 'stream', 'mail', 'mediator_store', 'payment', 'outbox', 'order_timeline'])
    expect(kinds).toContain(kind);
  const logs = new Set(kept.map(({ place }) => place).filter((place) => place.endsWith('.log')));
  for (const name of ['order-mediator', 'mediators', 'processors', 'relay', 'intake', 'ask', 'listeners', 'dashboard'])
    expect(logs).toContain(`file workers/${name}.log`);
  for (const name of ['postgres/postgres', 'nats/nats', 'temporal/temporal'])
    expect(logs).toContain(`file ${name}.log`);
  expect(placesOf('1 Harbour Street', kept)).toEqual(expect.arrayContaining(['order_placement.placed_order.ship_to']));
  expect(placesOf('order-completed', kept)).toContain('stream FACTS');
});

it.each(Object.entries(tokens))(
  'the token %s is in places that the documentation lists, and nowhere else',
  (_, token) => {
    const all = listed.flatMap(({ places }) => places);
    expect(placesOf(token, kept).filter((place) => !all.includes(place))).toEqual([]);
  },
);

it.each(listed)('$says stands in the documentation, and does have tokens', ({ says, places }) => {
  expect(architecture).toContain(says);
  const found = new Set(Object.values(tokens).flatMap((token) => placesOf(token, kept)));
  expect(places.filter((place) => !found.has(place))).toEqual([]);
});

it.each(['client', 'declinedAgain', 'paid', 'asked', 'refused', 'mended', 'discarded'] as const)(
  'the token %s is in no table and no stream any more: what had it has ended',
  (name) => {
    expect(placesOf(tokens[name], kept).filter((place) => !place.startsWith('history of '))).toEqual([]);
  },
);

it('a card number that was given for a token is nowhere, also not in the case that it became', () => {
  expect(placesOf(cardNumber, kept)).toEqual([]);
  expect(placesOf(cardNumber.replace(/^.{12}/, '*'.repeat(12)), kept)).toContain('repair."case".body');
});

it('the command line prints none of them', () => {
  const printed = said.runs.map(({ printed: lines, noted }) => ({
    place: 'terminal',
    text: [...lines, ...noted].join('\n'),
  }));
  for (const secret of [...Object.values(tokens), cardNumber]) expect(placesOf(secret, printed)).toEqual([]);
});

it('all of it was done with no more rights than each process has', () => {
  const failed = said.runs.filter(({ code }) => code !== 0).map(({ noted }) => noted.join());
  expect(failed).toHaveLength(4); // a card nobody knows, a title nobody has, two card numbers

  const log = kept.filter(({ place }) => place === 'file postgres/postgres.log').map(({ text }) => text);
  expect(log.filter((line) => /permission denied|must be owner|row-level security/.test(line))).toEqual([]);
});
