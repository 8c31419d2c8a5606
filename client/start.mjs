// Starts the command line: `node client/start.mjs place …`. A TypeScript loader would double the time to an order id,
// so the client's own files are bundled once, and the bundle is kept until one of them changes.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const checkout = join(import.meta.dirname, '..');
const shelf = join(checkout, '.cache', 'client');
/** The folders the client may import from. */
const sourceFolders = ['client', 'app', 'contracts', 'config', 'broker-bridge', 'prisma'];

/** A hash that changes when a file is written, added or removed. */
function fingerprint() {
  const hash = createHash('sha256');
  const sources = sourceFolders.flatMap((folder) => filesIn(join(checkout, folder)));
  for (const file of [join(checkout, 'package-lock.json'), ...sources]) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} folder */
const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .toSorted();

/**
 * Bundles in a draft folder and renames it, so that clients that start at the same time find a whole bundle or none.
 *
 * @param {string} folder
 */
async function putTogether(folder) {
  // oxlint-disable-next-line no-restricted-imports -- only to bundle the client, never in it
  const { build } = await import('esbuild');
  mkdirSync(shelf, { recursive: true });
  const draft = mkdtempSync(join(shelf, 'draft-'));
  await build({
    entryPoints: [join(checkout, 'client', 'main.ts')],
    outdir: draft,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true, // a command loads only its own modules
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  moveIntoPlace(draft, folder);
  forgetAllBut(folder);
}

/** @param {string} draft @param {string} folder */
function moveIntoPlace(draft, folder) {
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true }); // another process was quicker with the same bundle
  }
}

/**
 * Deletes old bundles after an hour, because a running client may still load from one.
 *
 * @param {string} folder
 */
function forgetAllBut(folder) {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of readdirSync(shelf)) {
    const old = join(shelf, name);
    if (old === folder) continue;
    const { mtimeMs = Infinity } = statSync(old, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs < anHourAgo) rmSync(old, { recursive: true, force: true });
  }
}

const folder = join(shelf, fingerprint());
if (!existsSync(folder)) await putTogether(folder);
await import(pathToFileURL(join(folder, 'main.mjs')).href);
