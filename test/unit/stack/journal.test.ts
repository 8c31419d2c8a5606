import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../../../stack/journal.ts';

let folder: string;
const ledger = () => join(folder, 'ledger.jsonl');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('entries are there again when the journal is opened again, in the order they came', async () => {
  const journal = await openJournal<number>(folder);
  await Promise.all([1, 2, 3].map((entry) => journal.append(entry)));
  await journal.append(4);
  await journal.close();
  const again = await openJournal<number>(folder);
  expect(again.entries).toEqual([1, 2, 3, 4]);
  await again.close();
});

test('an entry counts only when it is on disk', async () => {
  const journal = await openJournal<string>(folder);
  const appended = journal.append('one');
  expect(journal.entries).toEqual([]);
  await appended;
  expect(journal.entries).toEqual(['one']);
  expect(readFileSync(ledger(), 'utf8')).toBe('"one"\n');
  await journal.close();
});

test('a last line that was torn is dropped, and what comes next stands on a line of its own', async () => {
  appendFileSync(ledger(), '{"n":1}\n{"n":2');
  const journal = await openJournal<{ n: number }>(folder);
  expect(journal.entries).toEqual([{ n: 1 }]);
  await journal.append({ n: 3 });
  await journal.close();
  expect(readFileSync(ledger(), 'utf8')).toBe('{"n":1}\n{"n":3}\n');
});

test('a line in the middle that is not JSON is told with its place', async () => {
  appendFileSync(ledger(), '{"n":1}\nnot json\n{"n":2}\n');
  await expect(openJournal(folder)).rejects.toThrow('ledger.jsonl, line 2 is not JSON');
});

test('closing waits for what is being written', async () => {
  const journal = await openJournal<number>(folder);
  const appended = Promise.all([journal.append(1), journal.append(2)]);
  await journal.close();
  await appended;
  expect(readFileSync(ledger(), 'utf8')).toBe('1\n2\n');
});

test('after a failed write nothing more is taken', async () => {
  const journal = await openJournal<number>(folder);
  await journal.close();
  await expect(journal.append(1)).rejects.toThrow();
  await expect(journal.append(2)).rejects.toThrow();
  expect(journal.entries).toEqual([]);
});
