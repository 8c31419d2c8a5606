import { Client } from '@temporalio/client';
import type { ComponentContext } from './component.ts';

/** A client on the connection that the workers of this process share. */
export const temporalClient = async ({ resources, namespace }: ComponentContext): Promise<Client> =>
  new Client({ connection: await resources.temporal(), namespace });
