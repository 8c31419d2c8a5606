import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const shelf = join(checkout, '.cache', 'workflows');

/** What the bundle is made of: the workflows may import nothing else. */
const sources = ['workflows', 'contracts', 'package-lock.json'];

/** One that is older than this may go when another is made: whoever was about to read it has done so. */
const keptForMs = 60 * 60 * 1000;

/** The file of the bundle of the sources as they are now: made once, and kept until one of them changes. */
export async function keptBundle(make: () => Promise<string>): Promise<string> {
  const kept = join(shelf, `${fingerprint()}.js`);
  if (existsSync(kept)) return kept;
  const code = await make();
  mkdirSync(shelf, { recursive: true });
  forgetOld();
  // Made aside and renamed, so that workers that start at the same time find the whole of it or nothing.
  const draft = join(shelf, `draft-${process.pid}`);
  writeFileSync(draft, code);
  renameSync(draft, kept);
  return kept;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesOf))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(checkout, file)));
  return hash.digest('hex').slice(0, 16);
}

const filesOf = (path: string): readonly string[] =>
  statSync(join(checkout, path)).isDirectory()
    ? readdirSync(join(checkout, path))
        .toSorted()
        .flatMap((name) => filesOf(join(path, name)))
    : [path];

function forgetOld(): void {
  for (const name of readdirSync(shelf)) {
    const file = join(shelf, name);
    if (Date.now() - statSync(file).mtimeMs > keptForMs) rmSync(file, { force: true });
  }
}
