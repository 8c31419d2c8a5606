import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/*
 * A recorded history is a promise to orders in flight. This check fails when one has changed, was added or has gone without
 * a line in `histories.sha256`, unless a decision record names the file together with the first 12 digits of its new hash.
 */

const folder = new URL('./histories/', import.meta.url);
const records = new URL('../../docs/adr/', import.meta.url);

const hashOf = (file: string): string =>
  createHash('sha256')
    .update(readFileSync(new URL(file, folder)))
    .digest('hex');

function promised(): Map<string, string> {
  const lines = readFileSync(new URL('./histories.sha256', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

const decided = (file: string, hash: string): boolean =>
  readdirSync(records).some((record) => {
    const text = readFileSync(new URL(record, records), 'utf8');
    return text.includes(file) && text.includes(hash.slice(0, 12));
  });

const expected = promised();
const present = readdirSync(folder).filter((file) => file.endsWith('.json'));
const problems = [
  ...present
    .filter((file) => expected.get(file) !== hashOf(file) && !decided(file, hashOf(file)))
    .map((file) => `${file} is not the recorded one: name it and ${hashOf(file).slice(0, 12)} in a decision record.`),
  ...[...expected.keys()]
    .filter((file) => !present.includes(file) && !decided(file, 'removed'))
    .map((file) => `${file} is missing: a decision record has to say that it was removed.`),
];
for (const problem of problems) process.stderr.write(`Recorded histories: ${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
