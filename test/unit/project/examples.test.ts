import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkBody, readEvent } from '../../../client/send/read-event.ts';
import { initiatingEvents } from '../../../contracts/initiating-events.ts';

const folder = new URL('../../../docs/examples/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('docs/examples has one file for each initiating event', () => {
  expect(files.toSorted()).toEqual(Object.keys(initiatingEvents).map((name) => `${name}.json`).toSorted()); // prettier-ignore
});

test.each(files)('docs/examples/%s is an event of its name that fits its schema', (file) => {
  const bytes = readFileSync(new URL(file, folder));
  const read = checkBody(readEvent({ number: 1, bytes, endsAt: bytes.byteLength, isCut: false }));
  expect(read).toMatchObject({ ok: true, event: { type: file.replace('.json', '') } });
});

/** Every block of code in docs/hybrids.md. */
const blocks = [
  ...readFileSync(new URL('../../../docs/hybrids.md', import.meta.url), 'utf8').matchAll(/```ts\n(.*?)```/gs),
].map(([, code = '']) => code);

test('docs/hybrids.md shows code of the examples as it is', () => {
  const embedded = new URL('../../../lab/embedded/', import.meta.url);
  const sources = readdirSync(embedded).map((name) => readFileSync(new URL(name, embedded), 'utf8'));
  expect(blocks).toHaveLength(3);
  for (const code of blocks)
    expect(
      sources.some((source) => source.includes(code)),
      code,
    ).toBe(true);
});
