import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../binaries.mjs';
import { hashOf, isStamped, writeStamp } from './stamp.mjs';
import { checkWritable } from './reach.mjs';
import { run, say } from './run.mjs';

const modules = join(checkout, 'node_modules');
const stamp = join(modules, '.order-mediator', 'lock-hash');
const lock = join(checkout, 'package-lock.json');

/** Installs what package-lock.json says, unless exactly that is installed already. */
export async function installDependencies() {
  const hash = hashOf([lock]);
  if (existsSync(modules) && isStamped(stamp, hash)) return;
  // npm ci would empty the folder that the link leads to, which another checkout works with.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error(
      'node_modules is a link to an installation of other versions: remove the link, and run this again.',
    );
  }
  checkWritable();
  say('installing the dependencies of package-lock.json (npm ci) …');
  const npm = npmCommand();
  await run(npm.command, [...npm.args, 'ci', '--no-audit', '--no-fund', '--progress=true', '--loglevel=error'], {
    env: { NODE_ENV: '' },
  });
  writeStamp(stamp, hash);
}

/** The npm that runs this script, or the one of the PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  return script?.endsWith('npm-cli.js') ? { command: process.execPath, args: [script] } : { command: 'npm', args: [] };
}
