import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../binaries.mjs';
import { hashOf } from './stamp.mjs';
import { run, say } from './run.mjs';

/** The sources of the bundle, beside the file that says how it is made: the workflows may import nothing else. */
const sources = ['workflows', 'contracts', 'workers/workflow-code.ts', 'package-lock.json'];

/** The folder in which bundles of the workflows are kept. */
export const bundleShelf = join(checkout, '.cache', 'workflows');

/** The path for the bundle of the current sources. */
export const bundleFile = () =>
  join(bundleShelf, `${hashOf(sources.map((path) => join(checkout, path))).slice(0, 16)}.js`);

/**
 * Bundles the workflows, unless a bundle of these very sources exists: a mediator that finds it starts seconds sooner.
 */
export async function bundleWorkflows() {
  if (existsSync(bundleFile())) return;
  say('putting the workflows together …');
  await run(process.execPath, ['--import', 'tsx', join(checkout, 'workers', 'bundle-workflows.ts')]);
}
