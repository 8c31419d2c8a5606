import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareInboxes } from '../../../broker-bridge/facts/inbox.ts';
import { loadListeners } from '../../../listeners/load-listener.ts';
import { bool, int, text } from '../../../prisma/codec.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { describeColumns, differences } from './describe.ts';
import { declared, sampled } from './sampled.ts';

let rig: Rig;
let client: pg.Client;
beforeAll(async () => {
  rig = await openRig();
  await prepareInboxes(rig.databaseUrl, await loadListeners());
  client = new pg.Client({ connectionString: rig.databaseUrl });
  await client.connect();
  rig.onClose(() => client.end());
});
afterAll(() => rig.close());

describe('PostgreSQL describes what a statement declares:', () => {
  it.each(sampled)('$statement', async ({ columns, query }) => {
    expect(differences(columns, await describeColumns(client, query.sql.text))).toEqual([]);
  });

  it('each with a sample of its arguments', () => {
    const names = new Set(sampled.map(({ statement }) => statement));
    expect(declared.map(({ statement }) => statement).filter((name) => !names.has(name))).toEqual([]);
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
