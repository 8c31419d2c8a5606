import { checkNode } from './node.mjs';
import { installDependencies } from './dependencies.mjs';
import { generatePrismaClient } from './prisma-client.mjs';
import { getBinaries } from './get-binaries.mjs';
import { checkReach } from './reach.mjs';
import { bundleWorkflows } from './workflows.mjs';

// Runs before any package is installed: plain JavaScript that imports only Node and its own folder. `--no-servers`
// leaves out the parts that only running the system needs.
try {
  checkNode();
  if (!process.argv.includes('--no-servers')) checkReach();
  await installDependencies();
  await generatePrismaClient();
  if (!process.argv.includes('--no-servers')) {
    await getBinaries();
    await bundleWorkflows();
  }
} catch (error) {
  process.stderr.write(`\nSet-up failed. ${error.message}\n`);
  process.exit(1);
}
