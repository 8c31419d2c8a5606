import { parseArgs } from 'node:util';
import { sentenceOf, AppError } from '../app/app-error.ts';

/** How the demo is run. */
export interface DemoOptions {
  /** Stop everything at the end, also at a terminal. */
  readonly exit: boolean;
  /** Where to write the report. */
  readonly report: string | undefined;
  /** Say how the demo is run, and do nothing. */
  readonly help: boolean;
}

export const usage = `npm run demo -- [--exit] [--report FILE]
  --exit         stop everything at the end, also at a terminal
  --report FILE  write what happened as JSON`;

/** Reads the demo's arguments. Throws `AppError` for one it does not know. */
export function demoOptions(argv: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        exit: { type: 'boolean', default: false },
        report: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return { exit: values.exit, report: values.report, help: values.help };
  } catch (error) {
    throw new AppError('bad-input', `The demo takes --exit and --report FILE: ${sentenceOf(error)}`, { cause: error });
  }
}
