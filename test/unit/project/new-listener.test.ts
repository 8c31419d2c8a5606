import { format } from 'prettier';
import { expect, test } from 'vitest';
import { filesOf } from '../../../build/new-listener.ts';

test('a new listener is a folder, a test and a sample, written as the formatter writes them', async () => {
  const files = filesOf('parcel-count');
  expect([...files.keys()]).toEqual([
    'listeners/parcel-count/listener.ts',
    'test/integration/listeners/parcel-count.test.ts',
    'test/integration/sql/samples/parcel-count.ts',
  ]);
  for (const text of files.values())
    expect(await format(text, { parser: 'typescript', printWidth: 120, singleQuote: true })).toBe(text);
});

test.each(['', 'ParcelCount', 'parcel_count', '../x', 'a b', 'webhooks2'])('no listener is called %j', (name) => {
  expect(() => filesOf(name)).toThrow('lower-case words with hyphens');
});
