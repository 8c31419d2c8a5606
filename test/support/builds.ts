import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, bundleWorkflows } from '../../build/build.ts';
import { checkout } from '../../stack/binaries.mjs';
import { withChangedWorkflows, type Change } from './changed-workflows.ts';

/** Builds of a test file: what `npm run build` makes, elsewhere. They lie in the checkout, so that they find its packages. */
export interface Builds {
  /** Of the sources as they are. */
  readonly asIs: string;
  /** The same with other workflow code. */
  changed(change: Change): Promise<string>;
  /** Runs one of the build's programs to its end, and returns what it printed. Fails with what it printed when it fails. */
  run(program: 'deploy' | 'migrate', env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string>;
  close(): void;
}

export async function openBuilds(): Promise<Builds> {
  const shelf = join(checkout, '.cache');
  mkdirSync(shelf, { recursive: true });
  const folder = mkdtempSync(join(shelf, 'builds-'));
  const asIs = join(folder, 'as-is');
  await build(asIs);
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
