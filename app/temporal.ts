import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { loadConfig } from '../config/config.ts';
import { temporalAddress } from '../config/temporal.ts';
import { AppError } from './app-error.ts';

/** The variables a command reads its addresses from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Connects to the Temporal that the environment names, for one piece of work, and closes it afterwards in any case.
 * Throws `AppError` when nothing answers there in time.
 */
export async function withTemporal<T>(
  env: Environment,
  withinMs: number,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { connectionOptions, namespace } = temporalAddress(env, loadConfig(env).stack);
  const connection = await connectWithin(connectionOptions, withinMs);
  try {
    return await work(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

async function connectWithin(options: ReturnType<typeof temporalAddress>['connectionOptions'], withinMs: number) {
  try {
    return await Connection.connect({ ...options, connectTimeout: Math.min(withinMs, 5000) });
  } catch (error) {
    const why = isGrpcServiceError(error) ? `refuses this client (${error.details})` : 'cannot be reached';
    const message = `Temporal at ${options.address} ${why}, so nothing was sent: start everything with "npm start".`;
    throw new AppError('unreachable', message, { cause: error });
  }
}
