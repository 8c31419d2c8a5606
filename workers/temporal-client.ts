import { Client } from '@temporalio/client';
import type { PartContext } from './part.ts';

/** A client on the connection that the workers of this process share. */
export const temporalClient = async ({ resources, namespace }: PartContext): Promise<Client> =>
  new Client({ connection: await resources.temporal(), namespace });
