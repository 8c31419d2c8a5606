import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { bundleWorkflows } from '../../build/build.ts';
import { withChangedWorkflows, type Change } from './changed-workflows.ts';
import { shelf } from './kept-build.ts';

/** The build of this run, and others that a test file makes of it. */
export interface Builds {
  /** Of the sources as they are. */
  readonly asIs: string;
  /** The same with other workflow code. */
  changed(change: Change): Promise<string>;
  /** Runs one of the build's programs to its end, and returns what it printed. Fails with what it printed when it fails. */
  run(program: 'deploy' | 'migrate', env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string>;
  close(): void;
}

export function openBuilds(): Builds {
  const asIs = inject('servers').build;
  const folder = mkdtempSync(join(shelf, 'changed-'));
  return {
    asIs,
    async changed(change) {
      const copy = mkdtempSync(join(folder, 'changed-'));
      cpSync(asIs, copy, { recursive: true });
      await withChangedWorkflows(change, (workflows) => bundleWorkflows(workflows, copy));
      return copy;
    },
    async run(program, env, ...args) {
      const entry = join(asIs, 'workers', `${program}.js`);
      return (await promisify(execFile)(process.execPath, [entry, ...args], { env })).stdout;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
