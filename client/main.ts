import { withOwnAddresses } from '../config/own-addresses.ts';
import { styleFor } from './print/style.ts';
import { runClient } from './program.ts';

const { stdout, stderr, env, argv } = process;

// A reader may stop reading, as `head` does. That is no error.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

/** Clears the terminal line that a status stands on. */
const wipe = '\r\u001b[2K';

/** Only commands that ask for it handle Ctrl-C. For the others it ends the process at once. */
let interruption: AbortSignal | undefined;
function untilInterrupted(): AbortSignal {
  if (interruption) return interruption;
  const controller = new AbortController();
  interruption = controller.signal;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return interruption;
}

const code = await runClient(argv.slice(2), {
  env: withOwnAddresses(['client', 'administrator'], env),
  style: styleFor({ isTerminal: stdout.isTTY, env }),
  print: (line) => void stdout.write(`${line}\n`),
  note: (line) => void stderr.write(`${stderr.isTTY ? wipe : ''}${line}\n`),
  ...(stderr.isTTY && { status: (line: string) => void stderr.write(`${wipe}${line.slice(0, stderr.columns - 1)}`) }),
  get interrupted() {
    return untilInterrupted();
  },
});
// The output goes out first. A connection that is still being tried must not delay the end.
stdout.write('', () => process.exit(code));
