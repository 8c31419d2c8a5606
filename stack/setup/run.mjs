import { spawn, spawnSync } from 'node:child_process';
import { checkout } from '../binaries.mjs';

/**
 * Prints a line, so that a wait has a reason.
 *
 * @param {string} line
 */
export const say = (line) => process.stdout.write(`set-up: ${line}\n`);

/**
 * Runs a command in the checkout, showing what it prints. Fails with a sentence when it does not end well,
 * or not within so many milliseconds.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, within?: number }} options
 */
export async function run(command, args, { env, within } = {}) {
  const child = spawn(command, args, {
    cwd: checkout,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    timeout: within,
  });
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const heartbeat = setInterval(() => say(`… still at it after ${seconds()} seconds`), 10_000);
  const trouble = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? null : (signal ?? `exit code ${code}`)));
  });
  clearInterval(heartbeat);
  if (trouble !== null) throw new Error(`"${[command, ...args].join(' ')}" failed: ${trouble}.`);
}

/**
 * Runs a command without showing anything; true when it ended well.
 *
 * @param {string} command
 * @param {string[]} args
 */
export const works = (command, args) => spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;

/** @param {unknown} error */
export const reasonOf = (error) => (error instanceof Error ? error.message : String(error));
