import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const lab = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Runs a command of the lab in a process of its own, and resolves with its exit code. */
type RunLab = (...args: readonly string[]) => Promise<number | null>;

const runLab: RunLab = async (...args) => {
  const child = spawn(process.execPath, ['--import', 'tsx', lab, ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
};

/**
 * Makes measurements one after the other, each in a process of its own, so that none inherits another's memory. Goes
 * on after one that failed; at the end the names of those are printed, and the exit code is 1.
 */
export async function makeAll(names: readonly string[], runs: string | undefined, run = runLab): Promise<void> {
  const failed: string[] = [];
  for (const name of names) {
    const code = await run(name, ...(runs === undefined ? [] : ['--runs', runs]));
    if (code !== 0) failed.push(name);
    console.log('');
  }
  if (failed.length === 0) return;
  console.error(`${failed.length} of ${names.length} failed: ${failed.join(', ')}.`);
  process.exitCode = 1;
}
