import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pins } from './pins.mjs';

/** @typedef {keyof typeof pins} BinaryName */
/**
 * `from` is an environment variable, `PATH` or `cache`.
 *
 * @typedef {{ path: string, version: string, from: string }} FoundBinary
 */

/** The checkout's folder. */
export const checkout = fileURLToPath(new URL('..', import.meta.url));

/** Set-up keeps here the binaries it had to get. */
export const binaryCache = join(checkout, '.cache', 'bin');

/**
 * The path of a binary of this version that set-up got.
 *
 * @param {string} name
 * @param {string} version
 */
export const cachedBinary = (name, version) => join(binaryCache, `${name}-${version}`);

/**
 * Finds a binary as set-up and the stack do: environment variable, PATH (version checked), cache. Null when there is
 * none.
 *
 * @param {BinaryName} name
 */
export function findBinary(name) {
  return fromEnvironment(name) ?? fromPath(name) ?? fromCache(name);
}

/**
 * As `findBinary`, but fails with a sentence that says how to get the binary.
 *
 * @param {BinaryName} name
 */
export function requireBinary(name) {
  const found = findBinary(name);
  if (found) return found.path;
  throw new Error(
    `There is no ${name} of version ${pins[name].atLeast} or later: run "npm run setup", or set ${pins[name].variable}.`,
  );
}

/** @param {BinaryName} name @returns {FoundBinary | null} */
function fromEnvironment(name) {
  const { variable, atLeast } = pins[name];
  const path = process.env[variable];
  if (!path) return null;
  const version = versionOf(path);
  if (version === null) throw new Error(`${variable} names ${path}, which cannot be run with --version.`);
  if (isOlder(version, atLeast))
    throw new Error(`${variable} names ${name} ${version}; ${atLeast} or later is needed.`);
  return { path, version, from: variable };
}

/** @param {BinaryName} name @returns {FoundBinary | null} */
function fromPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder === '' || !isExecutable(path)) continue;
    const version = versionOf(path);
    if (version !== null && !isOlder(version, pins[name].atLeast)) return { path, version, from: 'PATH' };
  }
  return null;
}

/** @param {BinaryName} name @returns {FoundBinary | null} */
function fromCache(name) {
  const { versions } = pins[name];
  const version = versions.find((candidate) => existsSync(cachedBinary(name, candidate)));
  return version ? { path: cachedBinary(name, version), version, from: 'cache' } : null;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The version that a binary reports, or null when it cannot be run.
 *
 * @param {string} path
 */
export function versionOf(path) {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return status === 0 ? (/(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? null) : null;
}

/**
 * True when a version (`1.9.1`) is older than another.
 *
 * @param {string} version
 * @param {string} than
 */
export function isOlder(version, than) {
  const left = version.split('.').map(Number);
  const right = than.split('.').map(Number);
  const at = right.findIndex((part, index) => part !== (left[index] ?? 0));
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}
