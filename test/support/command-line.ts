import { styleFor } from '../../client/print/style.ts';
import { runClient } from '../../client/program.ts';

/** What a command line came to. */
export interface Ran {
  readonly code: number;
  readonly printed: readonly string[];
  readonly noted: readonly string[];
}

/** Runs one command line of the client in this process, in an environment of the test's choice. */
export async function runCommandLine(env: NodeJS.ProcessEnv, ...argv: readonly string[]): Promise<Ran> {
  const printed: string[] = [];
  const noted: string[] = [];
  const code = await runClient(argv, {
    env,
    style: styleFor({ isTerminal: false, env }),
    print: (line) => void printed.push(line),
    note: (line) => void noted.push(line),
    interrupted: new AbortController().signal,
  });
  return { code, printed, noted };
}

/** The command line of a good order. */
export const goodOrder = ['place', '--customer', 'c-1', '--line', '9780134685991:2', '--card', 'card_ok'] as const;

/** What `--json` printed, line by line. */
export const objects = ({ printed }: Ran): readonly Readonly<Record<string, unknown>>[] =>
  printed.map((line) => JSON.parse(line) as Record<string, unknown>);
