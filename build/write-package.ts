import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../stack/binaries.mjs';
import { runToEnd } from '../stack/launch/process.ts';

interface PackageJson {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The package that is needed only to run TypeScript as it stands. */
const loader = 'tsx';

const scripts = {
  worker: 'exec node workers/main.js',
  deploy: 'exec node workers/deploy.js',
  migrate: 'exec node workers/migrate.js',
  streams: 'exec node workers/streams.js',
  'restore-check': 'exec node workers/restore-check.js',
  client: 'exec node client/main.js',
  dashboard: 'exec node dashboard/main.js',
};

/**
 * Writes a `package.json` with the packages that are needed at run time, and their part of the lock. Needs no registry.
 */
export async function writePackage(out: string): Promise<void> {
  const text = await readFile(join(checkout, 'package.json'), 'utf8');
  const { devDependencies: _, dependencies, ...rest } = JSON.parse(text) as PackageJson;
  const needed = Object.fromEntries(Object.entries(dependencies).filter(([name]) => name !== loader));
  const own = { ...rest, scripts, dependencies: needed };
  await writeFile(join(out, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
  await copyFile(join(checkout, 'package-lock.json'), join(out, 'package-lock.json'));
  const args = ['install', '--package-lock-only', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await runToEnd('npm', { command: 'npm', args }, out);
}
