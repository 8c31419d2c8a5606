import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { registeredStatements, type Query } from '../../../prisma/statement.ts';
import type { Sample } from './describe.ts';

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

await loadStatements();
const samples = await loadSamples();

/** Every statement, without those that other tests, and examples of the lab, have declared in this process. */
export const declared = [...registeredStatements.values()].filter(({ statement }) => !/^(test|lab)\./.test(statement));

/** Each statement with arguments; one whose text depends on them several times. */
export const sampled: readonly Sample[] = [
  ...declared
    .filter((statement) => statement.parameters === 0)
    .map((statement) => ({
      statement: statement.statement,
      columns: statement.columns,
      query: (statement as () => Query<unknown>)(),
    })),
  ...samples,
];
