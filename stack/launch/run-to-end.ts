import { spawn } from 'node:child_process';
import type { UserCommand } from './postgres-user.ts';

/** Runs a command to its end. Fails with what it printed when it does not end well. */
export function runToEnd(name: string, { command, args, user }: UserCommand, cwd: string): Promise<void> {
  const child = spawn(command, [...args], { cwd, ...user, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  const keep = (chunk: Buffer) => printed.push(chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${name} failed (${signal ?? code}).\n${printed.join('').trimEnd()}`));
    });
  });
}
