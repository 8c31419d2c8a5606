import { loadConfig } from '../config/config.ts';
import { databaseUrlOf } from '../config/database.ts';
import { openDatabase, type Database } from '../prisma/database.ts';
import { databaseProblem, problemWords } from '../prisma/unreachable.ts';
import { AppError } from './app-error.ts';
import type { Environment } from './temporal.ts';

/**
 * Opens the database that the environment names for one piece of work, as this role, and closes it afterwards. Throws
 * an `AppError` when it cannot be reached.
 */
export async function withDatabase<T>(
  env: Environment,
  work: (database: Database) => Promise<T>,
  role: 'client' | 'administrator' = 'client',
): Promise<T> {
  const url = databaseUrlOf(loadConfig(env).database, role);
  const database = openDatabase(url, { poolSize: 2 });
  try {
    return await work(database);
  } catch (error) {
    throw translated(url, error);
  } finally {
    await database.close();
  }
}

function translated(url: string, error: unknown): unknown {
  const problem = databaseProblem(error);
  if (!problem) return error;
  const { host, pathname } = new URL(url);
  const advice = problem === 'pooled' ? '.' : ': start everything with "npm start".';
  const message = `The database ${pathname.slice(1)} at ${host} ${problemWords(problem)}${advice}`;
  return new AppError('unreachable', message, { cause: error });
}
