import { Client, Connection } from '@temporalio/client';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config/config.ts';
import { temporalAddress } from '../config/temporal.ts';
import { deployedChannels, deploymentName } from './deployment/versioning.ts';
import { lineOf, makeCurrent, reportOn } from './deployment/rollout.ts';

/*
 * `npm run deploy`: sets the version of the workers that gets new work, and reports which versions are still needed.
 * Exit code 2 for unusable arguments, 1 for every other error.
 */

interface CurrentOptions {
  readonly unstarted: boolean;
  readonly within: number;
}

interface StatusOptions {
  readonly json: boolean;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const program = new Command('deploy')
  .description('says which version of the workers gets what is new (WORKER_BUILD_ID is the version of a worker)')
  .exitOverride();

program
  .command('current <build-id> [parts...]')
  .description('makes a version current, for every part or those named; an earlier version: rolls back')
  .option('--unstarted', 'also when no worker of it polls yet: before the first start', false)
  .option('--within <seconds>', 'how long to wait for its workers', secondsOf, 60)
  .action(async (buildId: string, names: readonly string[], { unstarted, within }: CurrentOptions) => {
    const rollout = { unstarted, withinMs: within * 1000 };
    await withPlaces(names, async (client, part, place) => {
      const before = await makeCurrent(client, { ...place, buildId }, rollout);
      say(`${part}: ${buildId} is current (before: ${before ?? 'none'})`);
    });
  });

program
  .command('status [parts...]')
  .description('every version: its workers, the orders pinned to it, and whether it may be stopped')
  .option('--json', 'one JSON object per line', false)
  .action(async (names: readonly string[], { json }: StatusOptions) => {
    await withPlaces(names, async (client, part, place) => {
      const reports = await reportOn(client, part, place);
      for (const report of reports) say(json ? JSON.stringify(report) : lineOf(report));
      if (reports.length === 0 && !json) say(`${part.padEnd(17)} no version has been seen`);
    });
  });

type AtPlace = (client: Client, part: string, place: { channel: string; deployment: string }) => Promise<void>;

/** Handles one part after another, in the order in which a roll-out is safe. */
async function withPlaces(names: readonly string[], atPlace: AtPlace): Promise<void> {
  const wrong = names.filter((name) => !deployedChannels.has(name));
  if (wrong.length > 0) {
    const there = [...deployedChannels.keys()].join(', ');
    throw new InvalidArgumentError(`There is no ${wrong.join(', ')} to deploy. There are: ${there}.`);
  }
  const { worker, stack } = loadConfig(process.env);
  const { connectionOptions, namespace } = temporalAddress(process.env, stack);
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: 5000 }).catch(
    (cause: unknown) => {
      throw new Error(`Temporal at ${connectionOptions.address} cannot be reached: set TEMPORAL_ADDRESS.`, { cause });
    },
  );
  try {
    const client = new Client({ connection, namespace });
    for (const [part, channel] of deployedChannels) {
      if (names.length > 0 && !names.includes(part)) continue;
      await atPlace(client, part, { channel, deployment: deploymentName(part, worker) });
    }
  } finally {
    await connection.close();
  }
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new InvalidArgumentError('It takes a number of seconds.');
}

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError && error.exitCode === 0) return; // the help that was asked for
  const told = error instanceof CommanderError && !(error instanceof InvalidArgumentError);
  if (!told) process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof CommanderError ? 2 : 1;
});
