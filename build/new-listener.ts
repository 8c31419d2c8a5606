/** The files of a new listener by path, and their texts. Throws a sentence for a name that none can have. */
export function filesOf(name: string): ReadonlyMap<string, string> {
  if (!/^[a-z]+(-[a-z]+)*$/.test(name))
    throw new Error(
      `A listener's name is lower-case words with hyphens, as in parcel-count: ${JSON.stringify(name)} is not.`,
    );
  const schema = name.replaceAll('-', '_');
  return new Map([
    [`listeners/${name}/listener.ts`, listener(name, schema)],
    [`test/integration/listeners/${name}.test.ts`, test(name, schema)],
    [`test/integration/sql/samples/${name}.ts`, sample(name)],
  ]);
}

const listener = (
  name: string,
  schema: string,
): string => `import { defineListener } from '../../broker-bridge/facts/listener.ts';
import { sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/** Counts the mails per order: an example, to be replaced. */
export const listener = defineListener({
  name: '${name}',
  about: 'counts the mails per order',
  schema: '${schema}',
  reads: { 'email-sent': ['orderId'] },
  follows: 'some-facts',
  tables: \`CREATE TABLE IF NOT EXISTS ${schema}.mails (order_id text PRIMARY KEY, mails int NOT NULL)\`,
  async apply(tx, { body }) {
    await tx.execute(countMail(body.orderId));
  },
});

export const countMail = statement(
  '${name}.count-mail',
  {},
  (orderId: string) => sql\`
    INSERT INTO ${schema}.mails AS counted (order_id, mails) VALUES (\${orderId}, 1)
    ON CONFLICT (order_id) DO UPDATE SET mails = counted.mails + 1\`,
);
`;

const sample = (name: string): string => `import { countMail } from '../../../../listeners/${name}/listener.ts';
import { sample } from '../describe.ts';

export const samples = [sample(countMail, 'ord-1')];
`;

const test = (name: string, schema: string): string => `import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBridge, type Bridge } from '../../support/bridge.ts';
import { until } from '../../support/until.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await openBridge();
});

afterAll(() => bridge?.rig.close());

test('the mails of an order are counted, each once', async () => {
  bridge.startRelay();
  await bridge.startListener('${name}');
  await bridge.record(['ord-1'], 3);
  await until(async () => {
    const { rows } = await bridge.sql
      .query<{ mails: number }>('SELECT mails FROM ${schema}.mails')
      .catch(() => ({ rows: [] })); // not made yet
    return rows[0]?.mails === 3;
  });
  expect(bridge.sentLetters).toEqual([]);
});
`;
