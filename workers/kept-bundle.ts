import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFile, bundleShelf } from '../stack/setup/workflows.mjs';

/** When a bundle is made, those older than this are removed: a worker that was about to read one has done so. */
const keptForMs = 60 * 60 * 1000;

/** The file of the bundle of the current sources: made once, and kept until a source changes. In a checkout only. */
export async function keptBundle(make: () => Promise<string>): Promise<string> {
  const kept = bundleFile();
  if (existsSync(kept)) return kept;
  const code = await make();
  mkdirSync(bundleShelf, { recursive: true });
  forgetOld();
  // Made aside and renamed, so that workers that start at the same time find the whole of it or nothing.
  const draft = join(bundleShelf, `draft-${process.pid}`);
  writeFileSync(draft, code);
  renameSync(draft, kept);
  return kept;
}

function forgetOld(): void {
  for (const name of readdirSync(bundleShelf)) {
    const file = join(bundleShelf, name);
    if (Date.now() - statSync(file).mtimeMs > keptForMs) rmSync(file, { force: true });
  }
}
