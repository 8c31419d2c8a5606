import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { stringify } from 'yaml';
import { asyncApiOf } from './asyncapi.ts';
import { readCatalogue, type Catalogue } from './catalogue.ts';
import { brokenPromises, releasedFrom, type ReleasedCatalogue } from './compatibility.ts';
import { marks, pageOf } from './page.ts';

/*
 * `npm run docs:catalogue` writes docs/asyncapi.yaml and the catalogue's part of docs/facts.md from the contracts.
 * `--check` writes nothing, and fails when they differ or when a promise of docs/catalogue.released.json is broken.
 * `--release` makes what is now the catalogue that later ones are compared with.
 */

const docs = new URL('../../docs/', import.meta.url);
const read = (name: string): Promise<string> => readFile(new URL(name, docs), 'utf8');

/** The files that are made, by name. */
async function madeFrom(catalogue: Catalogue): Promise<ReadonlyMap<string, string>> {
  const { version } = JSON.parse(await readFile(new URL('../package.json', docs), 'utf8')) as {
    readonly version: string;
  };
  const [before] = (await read('facts.md')).split(marks.begin);
  const after = (await read('facts.md')).split(marks.end)[1];
  if (before === undefined || after === undefined)
    throw new Error('docs/facts.md has lost the marks of the catalogue.');
  const page = `${before}${marks.begin}\n\n${pageOf(catalogue)}\n\n${marks.end}${after}`;
  const options = { printWidth: 120, singleQuote: true } as const;
  return new Map([
    [
      'asyncapi.yaml',
      await format(stringify(asyncApiOf(catalogue, version), { aliasDuplicateObjects: false }), {
        ...options,
        parser: 'yaml',
      }),
    ],
    ['facts.md', await format(page, { ...options, parser: 'markdown', proseWrap: 'preserve' })],
  ]);
}

async function check(catalogue: Catalogue): Promise<readonly string[]> {
  const made = await madeFrom(catalogue);
  const stale: string[] = [];
  for (const [name, text] of made)
    if ((await read(name).catch(() => '')) !== text)
      stale.push(`docs/${name} is not what the contracts say: npm run docs:catalogue`);
  const released = JSON.parse(await read('catalogue.released.json')) as ReleasedCatalogue;
  return [...stale, ...brokenPromises(released, catalogue)];
}

const catalogue = await readCatalogue();
if (process.argv.includes('--check')) {
  const problems = await check(catalogue);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  for (const [name, text] of await madeFrom(catalogue)) await writeFile(new URL(name, docs), text);
  if (process.argv.includes('--release'))
    await writeFile(
      new URL('catalogue.released.json', docs),
      await format(JSON.stringify(releasedFrom(catalogue)), { parser: 'json', printWidth: 120 }),
    );
}
