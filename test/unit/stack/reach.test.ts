import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkReach, checkWritable } from '../../../stack/setup/reach.mjs';

const home = mkdtempSync(join(tmpdir(), 'reach-'));
const folder = join(home, 'private', 'checkout');
mkdirSync(folder, { recursive: true });
chmodSync(home, 0o755);
chmodSync(join(home, 'private'), 0o700);
afterAll(() => rmSync(home, { recursive: true }));

test('root in a folder that only its owner may enter is told what to do, before anything is installed', () => {
  expect(() => checkReach({ uid: 0, folder, env: {} })).toThrow(
    `The checkout, or its node_modules, lies in ${join(home, 'private')}, which only its owner may enter`,
  );
});

test('another user, a PostgreSQL of its own, and a folder that is open pass', () => {
  expect(() => checkReach({ uid: 1000, folder, env: {} })).not.toThrow();
  expect(() => checkReach({ uid: 0, folder, env: { DATABASE_URL: 'postgresql://elsewhere' } })).not.toThrow();
  chmodSync(join(home, 'private'), 0o711);
  expect(() => checkReach({ uid: 0, folder, env: {} })).not.toThrow();
});

test('a checkout that cannot be written is told what to do, before anything is installed', () => {
  const mine = join(home, 'mine');
  mkdirSync(join(mine, 'prisma'), { recursive: true });
  expect(() => checkWritable(mine)).not.toThrow();
  // Root may write anywhere but where nothing is.
  rmSync(join(mine, 'prisma'), { recursive: true });
  expect(() => checkWritable(mine)).toThrow(
    `${join(mine, 'prisma', 'generated')} cannot be written, and what is installed goes there: copy the checkout`,
  );
});

test('a part that leads to a folder elsewhere may be written there', () => {
  const [shared, caches] = [join(home, 'shared'), join(home, 'caches')];
  mkdirSync(shared);
  mkdirSync(join(caches, 'generated'), { recursive: true });
  symlinkSync(caches, join(shared, 'prisma'));
  expect(() => checkWritable(shared)).not.toThrow();
});

test('root in an open checkout whose packages lie in a private folder is told so as well', () => {
  const [open, hidden] = [join(home, 'open'), join(home, 'hidden', 'packages')];
  mkdirSync(open);
  mkdirSync(hidden, { recursive: true });
  chmodSync(join(home, 'hidden'), 0o700);
  symlinkSync(hidden, join(open, 'node_modules'));
  expect(() => checkReach({ uid: 0, folder: open, env: {} })).toThrow(`lies in ${join(home, 'hidden')}, which only`);
});

test('a part that is no folder, or leads nowhere, cannot be written', () => {
  const odd = join(home, 'odd');
  mkdirSync(join(odd, 'prisma'), { recursive: true });
  writeFileSync(join(odd, '.cache'), '');
  expect(() => checkWritable(odd)).toThrow(`${join(odd, '.cache')} cannot be written`);
  symlinkSync(join(home, 'nowhere'), join(odd, 'node_modules'));
  expect(() => checkWritable(odd)).toThrow(`${join(odd, 'node_modules')} cannot be written`);
});
