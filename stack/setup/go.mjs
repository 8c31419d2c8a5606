import { mkdtempSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { binaryCache, cachedBinary } from '../binaries.mjs';
import { run, say, works } from './run.mjs';

/** In milliseconds. A proxy of modules that does not answer must not stop a set-up for ever. */
const longestBuild = 5 * 60_000;

/**
 * Builds a binary from its module's tag; Go checks the source against its checksum database.
 *
 * @param {string} name
 * @param {{ go: { module: string, version: string } }} pin
 * @param {number} within milliseconds
 */
export async function getByGo(name, { go }, within = longestBuild) {
  if (!works('go', ['version'])) throw new Error('There is no Go to build it with.');
  say(`building ${name} ${go.version} with Go; this takes minutes …`);
  mkdirSync(binaryCache, { recursive: true });
  const folder = mkdtempSync(join(binaryCache, 'go-'));
  try {
    const env = { GOBIN: folder, GOFLAGS: '' };
    await run('go', ['install', `${go.module}@v${go.version}`], { env, within });
    renameSync(join(folder, readdirSync(folder)[0] ?? ''), cachedBinary(name, go.version));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
