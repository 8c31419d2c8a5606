import { createRepairCaseStore } from '../activities/repair/case-store.ts';
import { withDatabase } from '../app/database.ts';
import { withBroker } from '../app/nats.ts';
import { checkAfterRestore, type RestoreReport } from '../app/restore-check.ts';
import { withTemporal } from '../app/temporal.ts';
import { withOwnAddresses } from '../config/own-addresses.ts';

const temporalWithin = 5_000;

/** `npm run restore-check`: to be run after a restore from backups, before anything is started. */
async function main(): Promise<void> {
  const env = withOwnAddresses(['administrator'], process.env);
  const as = { env, identity: 'administrator', note: (line: string) => say(line) } as const;
  const report = await withTemporal(env, temporalWithin, (client) =>
    withBroker(as, (broker) =>
      withDatabase(
        env,
        (database) => checkAfterRestore({ broker, database, client, cases: createRepairCaseStore }),
        'administrator',
      ),
    ),
  );
  for (const line of linesOf(report)) say(line);
}

const isWith: { readonly [Is in RestoreReport['workflows'][number]['is']]: string } = {
  missing: 'it has not ended, and has no workflow; the reconciler starts one',
  completed: 'it has not ended, and its workflow has; the reconciler starts another one',
  running: 'its workflow was ended; the reconciler starts another one',
  finished: 'it has ended, and its workflow had not; that was ended',
  unknown: 'Temporal knows it, and the mediator store does not; its workflow does not run any more',
};

function linesOf({ epoch, keys, workflows, listeners }: RestoreReport): readonly string[] {
  const open = keys.filter(({ caseId }) => caseId !== null).length;
  return [
    `Facts are counted in epoch ${epoch} from now on; each key begins at 1 again.`,
    `Hear the stream from its oldest fact again: ${listeners.join(', ') || 'no listener has run'}.`,
    ...keys.map(lineOf),
    ...workflows.map(({ orderId, is }) => `${orderId}: ${isWith[is]}.`),
    'Start everything now: the relay publishes what the stream has lost, the reconciler finds lost orders.',
    ...(open === 0 ? [] : [`Then look at the repair desk: ${open} ${open === 1 ? 'case waits' : 'cases wait'} there.`]),
  ];
}

function lineOf({ key, lost, state, caseId }: RestoreReport['keys'][number]): string {
  const told = lost.length === 0 ? 'no fact of it is known here' : `lost here are ${lost.join(', ')}`;
  const known = state === null ? '' : ` By the mediator store it is ${state}; the fact order-restored says so.`;
  return `${key}: ${told}.${known}${caseId === null ? '' : ` Case ${caseId}.`}`;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
