import { installDependencies } from './dependencies.mjs';
import { generatePrismaClient } from './prisma-client.mjs';
import { getBinaries } from './get-binaries.mjs';
import { getNatsCli } from './nats-cli.mjs';
import { checkReach } from './reach.mjs';
import { reasonOf } from './run.mjs';
import { bundleWorkflows } from './workflows.mjs';

// Runs before any package is installed: plain JavaScript that imports only Node and its own folder. `--no-servers`
// leaves out the parts that only running the system needs; `--for-tests` gets what only a test needs.
try {
  checkNode();
  if (!process.argv.includes('--no-servers')) checkReach();
  await installDependencies();
  await generatePrismaClient();
  if (!process.argv.includes('--no-servers')) {
    await getBinaries();
    await bundleWorkflows();
    if (process.argv.includes('--for-tests')) await getNatsCli();
  }
} catch (error) {
  process.stderr.write(`\nSet-up failed. ${reasonOf(error)}\n`);
  process.exit(1);
}

/** Fails unless this is a Node that everything here runs on. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`This is Node ${process.versions.node}; 20.19 or later is needed (https://nodejs.org).`);
}
