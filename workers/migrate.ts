import { prepareDatabase } from '../broker-bridge/facts/prepare-database.ts';
import { loadConfig } from '../config/config.ts';
import { loadListeners } from '../listeners/load-listener.ts';
import { migrate } from '../prisma/migrate.ts';
import { seed } from '../prisma/seed/seed.ts';

/**
 * `npm run migrate`: brings the database of the environment up to date, with the tables of the listeners and the roles;
 * `-- --seed` also fills it with the example shop. It runs as the owner of the tables.
 */
async function main(argv: readonly string[]): Promise<void> {
  const wrong = argv.filter((argument) => argument !== '--seed');
  if (wrong.length > 0) throw new Error(`${wrong.join(' ')} is not known here: nothing, or --seed, can be given.`);
  const databaseUrl = loadConfig(process.env).database.DATABASE_URL;
  const applied = await migrate(databaseUrl);
  say(applied.length > 0 ? `applied: ${applied.join(', ')}` : 'the database is up to date');
  if (argv.includes('--seed')) {
    await seed(databaseUrl);
    say('the example shop is in it');
  }
  const hasRoles = await prepareDatabase(databaseUrl, await loadListeners());
  say(
    hasRoles
      ? 'the tables of the listeners and the roles are there'
      : 'the tables of the listeners are there; this user of PostgreSQL may make no roles, so there are none',
  );
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
