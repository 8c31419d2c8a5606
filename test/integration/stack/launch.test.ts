import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, expect, inject, test } from 'vitest';
import { searchAttributes } from '../../../contracts/search-attributes.ts';
import { requireBinary } from '../../../stack/binaries.mjs';
import { launchNats } from '../../../stack/launch/nats.ts';
import { launchPostgres } from '../../../stack/launch/postgres.ts';
import { launchProcess } from '../../../stack/launch/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'launch-'));
const isReady = () => Promise.resolve(false);
afterAll(() => rmSync(folder, { recursive: true }));

test('every namespace of the pool has the search attributes', async () => {
  const { temporalAddress, namespaces } = inject('servers');
  for (const namespace of ['default', namespaces[0] ?? '', namespaces.at(-1) ?? '']) {
    const args = ['operator', 'search-attribute', 'list', '--address', temporalAddress, '--namespace', namespace];
    const { stdout } = await promisify(execFile)(requireBinary('temporal'), args);
    for (const [name, type] of Object.entries(searchAttributes)) {
      expect(stdout, namespace).toMatch(new RegExp(`${name}\\s+${type}\\s`));
    }
  }
});

test('what PostgreSQL committed is there after a SIGKILL, on the same folder and port', async () => {
  const options = { folder: join(folder, 'postgres') };
  const first = await launchPostgres(options);
  await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await first.kill();
  const second = await launchPostgres({ ...options, port: first.ports['sql'] ?? 0 });
  try {
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(await query(second.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  } finally {
    await second.stop();
  }
});

test('NATS syncs every message before it acknowledges it', async () => {
  const nats = await launchNats({ folder: join(folder, 'nats') });
  try {
    const response = await fetch(`http://127.0.0.1:${nats.ports['monitor']}/jsz`);
    expect(await response.json()).toMatchObject({ config: { sync_always: true } });
  } finally {
    await nats.stop();
  }
});

test('a server that cannot start is told with the tail of its log', async () => {
  const logFile = join(folder, 'broken.log');
  const args = ['-e', 'console.error("no such thing"); process.exit(3)'];
  await expect(launchProcess({ name: 'broken', command: process.execPath, args, logFile, isReady })).rejects.toThrow(
    /broken ended before it was ready[^]*no such thing/,
  );
});

async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
