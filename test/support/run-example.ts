import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from '../../stack/binaries.mjs';

/** What a program came to. */
export interface RanProgram {
  readonly code: number | null;
  readonly printed: string;
  readonly noted: string;
}

/** Runs a program of `docs/examples/` with its interpreter, until it ends. */
export async function runExample(
  interpreter: 'python3' | 'sh',
  [example = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<RanProgram> {
  const program = spawn(interpreter, [join(checkout, 'docs/examples', example), ...args], {
    env,
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
