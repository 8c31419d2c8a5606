import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundlePath } from '@temporalio/worker';
import type { Logger } from 'pino';
import { temporalLogger } from './log.ts';

const built = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

let code: Promise<WorkflowBundlePath> | undefined;

/**
 * The bundle of the workflows for every mediator's worker: the one that `npm run build` made or, in a checkout, the one
 * that is kept of the sources. Making it takes a few seconds. It is read once per process.
 */
export const workflowCode = (log: Logger): Promise<WorkflowBundlePath> => (code ??= bundled(log));

async function bundled(log: Logger): Promise<WorkflowBundlePath> {
  if (existsSync(built)) return { codePath: built };
  // Imported here, because a build does not contain the set-up.
  const { keptBundle } = await import('./kept-bundle.ts');
  const logger = temporalLogger(log.child({}, { level: 'warn' }));
  return { codePath: await keptBundle(async () => (await bundleWorkflowCode({ workflowsPath, logger })).code) };
}
