import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../binaries.mjs';
import { hashOf, isStamped, writeStamp } from './stamp.mjs';
import { run, say } from './run.mjs';

const shelf = join(checkout, '.cache', 'workflows');
const stamp = join(shelf, '.made-of');
const sources = ['workflows', 'contracts', 'package-lock.json'];

/** Puts the workflows together, unless that was done with these very sources: a mediator that finds them so starts seconds sooner. */
export async function bundleWorkflows() {
  const hash = hashOf(sources.map((path) => join(checkout, path)));
  if (existsSync(shelf) && isStamped(stamp, hash)) return;
  say('putting the workflows together …');
  await run(process.execPath, ['--import', 'tsx', join(checkout, 'workers', 'bundle-workflows.ts')]);
  writeStamp(stamp, hash);
}
