import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { styleFor, type Style } from '../client/print/style.ts';
import { sentenceOf, AppError } from '../app/app-error.ts';
import { loadConfig, type Config } from '../config/config.ts';
import { startSystem, type System } from '../stack/system/system.ts';
import { perform, type Performed } from './perform.ts';
import { requireWritable, writeReport } from './report.ts';
import { faultLines, links, summaryTable } from './summary.ts';
import { tellTopologies } from './topologies.ts';

const { stdout, stderr, env, argv } = process;
const print = (line: string): void => void stdout.write(`${line}\n`);
const complain = (line: string): void => void stderr.write(`${line}\n`);

/** The demo's options. */
interface DemoOptions {
  /** Stop everything at the end, also at a terminal. */
  readonly exit: boolean;
  /** The file of the report. */
  readonly report: string | undefined;
  /** Say how the demo is run, and do nothing. */
  readonly help: boolean;
  /** Tell the story of the two topologies instead. */
  readonly topologies: boolean;
}

const usage = `npm run demo -- [topologies] [--exit] [--report FILE]
  topologies     a dead payment processor, without a mediator and with one; ends by itself
  --exit         stop everything at the end, also at a terminal
  --report FILE  write what happened as JSON`;

/** Reads the demo's arguments. Throws an `AppError` for one it does not know. */
function demoOptions(given: readonly string[]): DemoOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        exit: { type: 'boolean', default: false },
        report: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const other = positionals.find((name) => name !== 'topologies');
    if (other !== undefined) throw new Error(`there is no story ${other}.`);
    return { exit: values.exit, report: values.report, help: values.help, topologies: positionals.length > 0 };
  } catch (error) {
    throw new AppError('bad-input', `The demo takes topologies, --exit and --report FILE: ${sentenceOf(error)}`, {
      cause: error,
    });
  }
}

/** Starts the system, plays the demo on it, and resolves with the exit code once everything is stopped again. */
async function demo(options: DemoOptions, interrupted: AbortSignal): Promise<number> {
  const config = loadConfig(env);
  if (options.report !== undefined) await requireWritable(options.report);
  const style = styleFor({ isTerminal: stdout.isTTY, env });
  print(style.bold('Starting the system …'));
  const folder = join(import.meta.dirname, '..', '.stack');
  const system = await startSystem({
    folder,
    ports: config.stack,
    provided: config.provided,
    log: (line) => print(`  ${line}`),
  });
  try {
    if (interrupted.aborted) return 130;
    const performed = await unlessEndedBefore(
      system,
      interrupted,
      perform({ env: { ...env, ...system.clientEnvironment }, style, print, interrupted }),
    );
    if (!performed) return 130;
    const code = printEnd(performed, config, style);
    if (options.report !== undefined) await writeReport(options.report, performed.report);
    if (stdout.isTTY && !options.exit) await stayUp(system, interrupted);
    return code;
  } finally {
    print('Stopping everything …');
    await system.stop();
  }
}

/** The work's result; undefined when the user interrupts it. Fails when the system does. */
async function unlessEndedBefore<T>(
  system: System,
  interrupted: AbortSignal,
  work: Promise<T>,
): Promise<T | undefined> {
  const interruption = whenAborted(interrupted).then(() => undefined);
  work.catch(() => undefined); // its error is told below, unless it was given up before
  return Promise.race([work, interruption, system.failed.then((error) => Promise.reject(error))]);
}

function printEnd({ ended, report }: Performed, config: Config, style: Style): number {
  const faults = faultLines(ended);
  const namespace = env['TEMPORAL_NAMESPACE'] || 'default';
  for (const line of ['', ...summaryTable(ended, style), '', ...links(ended, namespace, config), '']) print(line);
  for (const line of faults) complain(line);
  const verdict =
    faults.length === 0
      ? style.good('Every order ended as it should')
      : style.bad('Not every order ended as it should');
  print(`${verdict}, ${report.seconds} s after the start.`);
  return faults.length === 0 ? 0 : 1;
}

async function stayUp(system: System, interrupted: AbortSignal): Promise<void> {
  print('Everything stays up until Ctrl-C. Try: npm run client -- list');
  const failure = await Promise.race([whenAborted(interrupted), system.failed]);
  if (failure) throw failure;
}

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Ctrl-C at a terminal reaches this process twice, from the terminal and from npm: every signal after the first is
 * ignored.
 */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort());
  controller.signal.addEventListener('abort', () => print('Stopping, as soon as what is being started is up …'));
  return controller.signal;
}

async function main(): Promise<number> {
  try {
    const options = demoOptions(argv.slice(2));
    if (options.help) return (print(usage), 0);
    if (options.topologies)
      return await tellTopologies({
        style: styleFor({ isTerminal: stdout.isTTY, env }),
        print,
        interrupted: untilInterrupted(),
      });
    return await demo(options, untilInterrupted());
  } catch (error) {
    complain(sentenceOf(error));
    return error instanceof AppError ? error.exitCode : 1;
  }
}

const code = await main();
stdout.write('', () => process.exit(code));
