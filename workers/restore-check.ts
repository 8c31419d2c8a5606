import { withDatabase } from '../app/database.ts';
import { withBroker } from '../app/nats.ts';
import { checkAfterRestore } from '../app/restore-check.ts';
import { withOwnAddresses } from '../config/own-addresses.ts';

/** `npm run restore-check`: to be run after a restore from backups, before anything is started. */
async function main(): Promise<void> {
  const env = withOwnAddresses(['administrator'], process.env);
  const as = { env, identity: 'administrator', note: (line: string) => say(line) } as const;
  const report = await withBroker(as, (broker) =>
    withDatabase(env, (database) => checkAfterRestore({ broker, database })),
  );
  say(`Facts are counted in epoch ${report.epoch} from now on; each key begins at 1 again.`);
  say(`Hear the stream from its oldest fact again: ${report.listeners.join(', ') || 'no listener has run'}.`);
  for (const { key, facts } of report.ahead)
    say(`${key}: the stream has ${facts} ${facts === 1 ? 'fact' : 'facts'} that the database does not know.`);
  const next = 'Start everything now: the relay publishes what the stream has lost, the reconciler finds lost orders.';
  say(
    report.ahead.length === 0 ? next : `${next} Look at the keys above: what was told of them has not happened here.`,
  );
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
