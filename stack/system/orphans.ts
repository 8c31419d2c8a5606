import { isAlive, leaveFolder, readHolder, takeFolder, type KnownProcess } from './lock-file.ts';

/**
 * Takes the folder for this process. Refused while another process runs the system there. When that process was killed, what it left
 * running is ended first: processes are known by number and start, so that nobody else's is touched.
 */
export async function occupy(folder: string, log: (line: string) => void): Promise<void> {
  if (takeFolder(folder)) return;
  const holder = readHolder(folder);
  if (holder && isAlive(holder.supervisor)) {
    throw new Error(
      `The system is already running from this checkout (process ${holder.supervisor.pid}): stop it there with Ctrl-C, or work with it.`,
    );
  }
  await Promise.all((holder?.parts ?? []).map((part) => endOrphan(part, log)));
  leaveFolder(folder);
  if (!takeFolder(folder)) throw new Error('The system is being started from this checkout by somebody else.');
}

async function endOrphan(part: KnownProcess, log: (line: string) => void): Promise<void> {
  if (!isAlive(part)) return;
  log(`${part.name} (process ${part.pid}) was left running by a system that was killed; it is ended`);
  // PostgreSQL would wait for its clients at SIGTERM.
  signal(part, part.name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  if (!(await isGone(part, 10_000))) signal(part, 'SIGKILL');
  if (!(await isGone(part, 5_000)))
    throw new Error(`${part.name} (process ${part.pid}) could not be ended; end it first.`);
}

function signal({ pid }: KnownProcess, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function isGone(part: KnownProcess, within: number): Promise<boolean> {
  const deadline = Date.now() + within;
  while (isAlive(part)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
