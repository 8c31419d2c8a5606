import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type StopSignal = 'SIGTERM' | 'SIGINT';

let guard: ChildProcess | undefined;

/** Makes sure that the process ends when this one dies without having stopped it, even by SIGKILL. */
export function watchOver(pid: number, signal: StopSignal): void {
  tell(`watch ${bare(signal)} ${pid}`);
}

/** The process has ended: another process may soon have its id. */
export function release(pid: number, signal: StopSignal): void {
  tell(`release ${bare(signal)} ${pid}`);
}

const bare = (signal: StopSignal) => signal.slice('SIG'.length);

function tell(line: string): void {
  guard ??= startGuard();
  guard.stdin?.write(`${line}\n`);
}

/** Runs in a session of its own, so that Ctrl-C at the terminal does not reach it. It never keeps this process up. */
function startGuard(): ChildProcess {
  const child = spawn('sh', [fileURLToPath(new URL('guard.sh', import.meta.url))], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.unref();
  const input = child.stdin as typeof child.stdin & { unref?: () => void };
  input.unref?.();
  // Without a guard only the promise of ending with this process is lost; the servers themselves still work.
  child.on('error', (error) => process.emitWarning(`Servers may outlive this process: ${error.message}`));
  input.on('error', (error) => process.emitWarning(`Servers may outlive this process: ${error.message}`));
  return child;
}
