import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { build, buildFolder } from '../../build/build.ts';
import { fingerprint } from '../../build/sources.mjs';
import { checkout } from '../../stack/binaries.mjs';

/** Builds lie in the checkout, so that they find its packages. */
export const shelf = join(checkout, '.cache', 'builds');

/** The folder of the card gateway, the supplier, the carrier and the mail server: tests start them as often as workers. */
const standIns = 'stack';

/** A build that no run has used for this long is removed. */
const keptForMs = 60 * 60 * 1000;

/**
 * The folder with what `npm run build` makes of the current sources, and the stand-ins: made once, and kept until a
 * source changes. The processes of the tests run it: one that transpiles its sources takes twice the time to start.
 */
export async function keptBuild(): Promise<string> {
  const kept = join(shelf, fingerprint(standIns).slice(0, 16));
  mkdirSync(shelf, { recursive: true });
  forgetOld();
  if (!existsSync(kept)) {
    // Made aside and renamed, so that a run that starts at the same time finds the whole of it or nothing.
    const draft = mkdtempSync(join(shelf, 'draft-'));
    await build(draft);
    await buildFolder(standIns, draft);
    if (existsSync(kept)) rmSync(draft, { recursive: true });
    else renameSync(draft, kept);
  }
  utimesSync(kept, new Date(), new Date());
  return kept;
}

function forgetOld(): void {
  for (const name of readdirSync(shelf)) {
    const folder = join(shelf, name);
    if (Date.now() - statSync(folder).mtimeMs > keptForMs) rmSync(folder, { recursive: true, force: true });
  }
}
