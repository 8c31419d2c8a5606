import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filesOf } from './new-listener.ts';

/* `npm run new -- listener NAME` makes the folder of a listener, with a test. It overwrites nothing. */

const root = join(import.meta.dirname, '..');
const [kind, name = ''] = process.argv.slice(2);

try {
  if (kind !== 'listener') throw new Error('Say what to make: npm run new -- listener NAME.');
  for (const [path, text] of filesOf(name)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { flag: 'wx' });
    process.stdout.write(`made ${path}\n`);
  }
  process.stdout.write(`Next: docs/listeners.md, then npx vitest run test/integration/listeners/${name}.test.ts\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
