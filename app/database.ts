import { loadConfig } from '../config/config.ts';
import { openDatabase, type Database } from '../prisma/database.ts';
import type { Environment } from './temporal.ts';
import { AppError } from './app-error.ts';

/** Opens the database the environment names for one piece of work, and closes it afterwards. Says so when it cannot be reached. */
export async function withDatabase<T>(env: Environment, work: (prisma: Database['prisma']) => Promise<T>): Promise<T> {
  const url = loadConfig(env).databaseUrl;
  const database = openDatabase(url, { poolSize: 2 });
  try {
    return await work(database.prisma);
  } catch (error) {
    throw translated(url, error);
  } finally {
    await database.close();
  }
}

/** What the database adapter calls the ways not to get in. */
const outside: Readonly<Record<string, string>> = {
  DatabaseNotReachable: 'cannot be reached',
  DatabaseDoesNotExist: 'is not there',
  DatabaseAccessDenied: 'refuses this user',
  AuthenticationFailed: 'refuses this user',
  SocketTimeout: 'did not answer in time',
  ConnectionClosed: 'closed the connection',
  TableDoesNotExist: 'has no tables yet',
};

const wordsFor = (error: unknown): string | undefined => {
  const adapterError = (error as { meta?: { driverAdapterError?: { cause?: { kind?: string } } } }).meta
    ?.driverAdapterError;
  return outside[adapterError?.cause?.kind ?? ''];
};

function translated(url: string, error: unknown): unknown {
  const words = wordsFor(error);
  if (!words) return error;
  const { host, pathname } = new URL(url);
  const message = `The database ${pathname.slice(1)} at ${host} ${words}: start everything with "npm start".`;
  return new AppError('unreachable', message, { cause: error });
}
