import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import type { Logger } from 'pino';
import { temporalLogger } from './log.ts';

const built = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

let code: Promise<WorkflowBundleOption> | undefined;

/**
 * The workflows as every mediator's worker takes them: the bundle that `npm run build` made, or, from the sources, one made now (a few seconds), once
 * for the process.
 */
export const workflowCode = (log: Logger): Promise<WorkflowBundleOption> => (code ??= bundled(log));

async function bundled(log: Logger): Promise<WorkflowBundleOption> {
  if (existsSync(built)) return { codePath: built };
  return bundleWorkflowCode({ workflowsPath, logger: temporalLogger(log.child({}, { level: 'warn' })) });
}
