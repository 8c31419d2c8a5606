import { checkNode } from './setup/node.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { generatePrismaClient } from './setup/prisma-client.mjs';
import { getBinaries } from './setup/get-binaries.mjs';
import { bundleWorkflows } from './setup/workflows.mjs';

// Runs before anything is installed: plain JavaScript that imports nothing but Node and its own folder.
// `--no-servers` leaves out what only running the system needs.
try {
  checkNode();
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
