import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import type { Logger } from 'pino';
import { temporalLogger } from './log.ts';

const built = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** The workflows as a worker takes them: the bundle that `npm run build` made, or, from the sources, one made now (a few seconds). */
export async function workflowCode(log: Logger): Promise<WorkflowBundleOption> {
  if (existsSync(built)) return { codePath: built };
  return bundleWorkflowCode({ workflowsPath, logger: temporalLogger(log.child({}, { level: 'warn' })) });
}
