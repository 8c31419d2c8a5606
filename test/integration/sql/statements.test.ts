import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInbox } from '../../../broker-bridge/facts/inbox.ts';
import { loadListeners } from '../../../listeners/load-listener.ts';
import { bool, int, text } from '../../../prisma/codec.ts';
import { registeredStatements, type Query } from '../../../prisma/statement.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { describeColumns, differences, type Sample } from './describe.ts';

const root = join(import.meta.dirname, '../../..');
const rooms = ['activities', 'app', 'broker-bridge', 'dashboard', 'demo', 'listeners', 'prisma', 'workers'];

/** Loads every module that declares a statement, so that none is left out because no sample names it. */
async function loadStatements(): Promise<void> {
  for (const room of rooms) {
    const names = await readdir(join(root, room), { recursive: true });
    for (const file of names.filter((name) => name.endsWith('.ts')).map((name) => join(root, room, name))) {
      if (/^import \{[^}]*\bstatement\b[^}]*\} from '.*\/statement\.ts';$/m.test(await readFile(file, 'utf8')))
        await import(pathToFileURL(file).href);
    }
  }
}

async function loadSamples(): Promise<readonly Sample[]> {
  const folder = join(import.meta.dirname, 'samples');
  const modules = await Promise.all(
    (await readdir(folder)).map(
      async (name) => (await import(pathToFileURL(join(folder, name)).href)) as { readonly samples: readonly Sample[] },
    ),
  );
  return modules.flatMap(({ samples }) => samples);
}

/** Listeners make the schemas of their effects themselves. */
async function prepareListeners(databaseUrl: string): Promise<void> {
  for (const listener of await loadListeners()) {
    const inbox = openInbox(databaseUrl, listener.schema);
    await inbox.prepare(listener);
    await inbox.close();
  }
}

await loadStatements();
const samples = await loadSamples();
/** Without those that other test files have declared in this process. */
const declared = [...registeredStatements.values()].filter(({ statement }) => !statement.startsWith('test.'));
const withoutArguments = declared
  .filter((statement) => statement.parameters === 0)
  .map((statement) => ({
    statement: statement.statement,
    columns: statement.columns,
    query: (statement as () => Query<unknown>)(),
  }));

let rig: Rig;
let client: pg.Client;
beforeAll(async () => {
  rig = await openRig();
  await prepareListeners(rig.databaseUrl);
  client = new pg.Client({ connectionString: rig.databaseUrl });
  await client.connect();
  rig.onClose(() => client.end());
});
afterAll(() => rig.close());

describe('PostgreSQL describes what a statement declares:', () => {
  it.each([...withoutArguments, ...samples])('$statement', async ({ columns, query }) => {
    expect(differences(columns, await describeColumns(client, query.sql.text))).toEqual([]);
  });

  it('each with a sample of its arguments', () => {
    const sampled = new Set([...withoutArguments, ...samples].map(({ statement }) => statement));
    expect(declared.map(({ statement }) => statement).filter((name) => !sampled.has(name))).toEqual([]);
  });
});

const described = () => describeColumns(client, `SELECT 1 AS count, 'x'::text AS name`);

describe('a statement that declares something else is told by its columns:', () => {
  it('a wrong type', async () => {
    expect(differences({ count: bool, name: text }, await described())).toEqual([
      'count is integer, declared as boolean',
    ]);
  });

  it('a column that is missing', async () => {
    expect(differences({ count: int, name: text, age: int }, await described())).toEqual(['age is missing']);
  });

  it('a column that is not declared', async () => {
    expect(differences({ count: int }, await described())).toEqual(['name is not declared']);
  });

  it('a text that does not parse, after which the connection can be used', async () => {
    await expect(describeColumns(client, 'SELECT * FROM nowhere')).rejects.toThrow('relation "nowhere" does not exist');
    expect(await described()).toHaveLength(2);
  });
});
