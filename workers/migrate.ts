import { loadConfig } from '../config/config.ts';
import { migrate } from '../prisma/migrate.ts';
import { seed } from '../prisma/seed/seed.ts';

/**
 * `npm run migrate`: brings the database of the environment up to date; `-- --seed` also fills it with the example
 * shop.
 */
async function main(argv: readonly string[]): Promise<void> {
  const wrong = argv.filter((argument) => argument !== '--seed');
  if (wrong.length > 0) throw new Error(`${wrong.join(' ')} is not known here: nothing, or --seed, can be given.`);
  const { databaseUrl } = loadConfig(process.env);
  const applied = await migrate(databaseUrl);
  say(applied.length > 0 ? `applied: ${applied.join(', ')}` : 'the database is up to date');
  if (argv.includes('--seed')) {
    await seed(databaseUrl);
    say('the example shop is in it');
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
