import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger as TemporalLogger, type WorkflowBundlePath } from '@temporalio/worker';
import type { Logger } from 'pino';
import { temporalLogger } from './log.ts';

const built = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
const workflows = fileURLToPath(new URL('../workflows', import.meta.url));

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
  return { codePath: await keptBundle(() => bundleOf(workflows, logger)) };
}

/**
 * Puts the workflows of a folder together, and gives the code. A thread loads them once, and not for each workflow: so
 * no module of theirs may keep anything of one workflow.
 */
export async function bundleOf(folder: string, logger: TemporalLogger): Promise<string> {
  const workflowsPath = join(folder, 'index.ts');
  const preloadModules = [join(folder, 'stack-traces.ts'), workflowsPath];
  return (await bundleWorkflowCode({ workflowsPath, preloadModules, logger })).code;
}
