import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './binaries.mjs';
import { isAlive, readLock } from './system/lock-file.ts';

const folder = join(checkout, '.stack');

const commands: Readonly<Record<string, () => void>> = { reset, status: printStatus };

/** `npm run stack -- reset`: empties the state of the system. Refused while any process of it runs. */
function reset(): void {
  const holder = readLock(folder);
  const running = holder ? [holder.supervisor, ...holder.parts].filter(isAlive) : [];
  if (running.length > 0) {
    const who = running.map(({ name, pid }) => `${name} (process ${pid})`).join(', ');
    throw new Error(`The system is running: ${who}. Stop it first.`);
  }
  if (existsSync(folder)) rmSync(folder, { recursive: true });
  say('.stack is empty: the next start begins anew.');
}

/** `npm run stack -- status`: what runs. */
function printStatus(): void {
  const holder = readLock(folder);
  if (!holder) return say('The system is not running.');
  if (!isAlive(holder.supervisor)) say('The system was killed; the next start ends what it left running:');
  for (const part of [holder.supervisor, ...holder.parts]) {
    say(`${part.name.padEnd(16)} ${isAlive(part) ? `process ${part.pid}` : 'ended'}`);
  }
}

// The reader of our output may stop reading, as `head` does: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const name = process.argv[2] ?? '';
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Error(`Say what to do: ${Object.keys(commands).join(' or ')}.`);
  command();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
