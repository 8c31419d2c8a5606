import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { chainOf, type Chain, type Position, type Run } from '../../../broker-bridge/facts/inbox-tables.ts';
import { openInbox, type Inbox } from '../../../broker-bridge/facts/inbox.ts';
import { openRig, type Rig } from '../../support/rig.ts';

let rig: Rig;
let inbox: Inbox;
beforeAll(async () => {
  rig = await openRig({});
  inbox = openInbox(rig.databaseUrl, 'inbox_test');
  rig.onClose(() => inbox.close());
  await inbox.prepare({ name: 'inbox-test', tables: '' });
});
afterAll(() => rig.close());

let key = '';
let count = 0;
beforeEach(() => {
  key = `ord-${(count += 1)}`;
});

const chain = (): Chain => ({ source: 'order-mediator', key });
const run = (epoch: number, first: number, last: number): Run => ({ ...chain(), epoch, first, last });

const isMoved = async (to: Run): Promise<boolean> => {
  const moved = await inbox.transaction((tx) => tx.advanceInTurn([to]));
  return moved.has(chainOf(to));
};

/** The position, which the look makes when it is not there. */
const position = (): Promise<Position | undefined> =>
  inbox.transaction(async (tx) => (await tx.positions([chain()])).get(chainOf(chain())));

test('a chain is moved from its beginning, and from where it stands, to the end of a run', async () => {
  expect(await isMoved(run(1, 1, 3))).toBe(true);
  expect(await isMoved(run(1, 4, 4))).toBe(true);
  expect(await position()).toEqual({ epoch: 1, sequence: 4 });
});

test('a run that is early, or was there before, moves nothing', async () => {
  expect(await isMoved(run(1, 2, 2))).toBe(false);
  expect(await isMoved(run(1, 1, 2))).toBe(true);
  expect(await isMoved(run(1, 2, 3))).toBe(false);
  expect(await isMoved(run(1, 4, 5))).toBe(false);
  expect(await position()).toEqual({ epoch: 1, sequence: 2 });
});

test('a new epoch begins at 1, and what comes from an earlier one moves nothing', async () => {
  expect(await isMoved(run(2, 1, 2))).toBe(true);
  expect(await isMoved(run(1, 1, 3))).toBe(false);
  expect(await isMoved(run(3, 3, 3))).toBe(false);
  expect(await isMoved(run(3, 1, 1))).toBe(true);
  expect(await position()).toEqual({ epoch: 3, sequence: 1 });
});

test('what was dropped stays counted', async () => {
  await inbox.transaction(async (tx) => {
    await tx.positions([chain()]);
    await tx.advance([{ ...chain(), epoch: 1, sequence: 1, dropped: 2 }]);
  });
  expect(await isMoved(run(1, 2, 2))).toBe(true);
  const client = new pg.Client(rig.databaseUrl);
  await client.connect();
  const { rows } = await client.query('SELECT dropped FROM inbox_test.inbox_position WHERE key = $1', [key]);
  await client.end();
  expect(rows).toEqual([{ dropped: '2' }]);
});

test('two that move the same chains, in whatever order, wait for each other', async () => {
  const other = { ...chain(), key: `${key}-other`, epoch: 1, first: 1, last: 1 };
  const both = await Promise.all([
    inbox.transaction((tx) => tx.advanceInTurn([run(1, 1, 1), other])),
    inbox.transaction((tx) => tx.advanceInTurn([other, run(1, 1, 1)])),
  ]);
  expect(new Set(both.map(({ size }) => size))).toEqual(new Set([0, 2]));
});
