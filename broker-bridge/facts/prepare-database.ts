import { prepareRoles } from '../../prisma/roles/prepare-roles.ts';
import type { ListenerSchema } from '../../prisma/roles/roles.ts';
import { prepareInboxes } from './inbox.ts';
import type { Listener } from './listener.ts';

/** The schema that a listener owns, and its reads beside it, by what it declares. */
export const schemaOf = ({
  name,
  schema,
  sends = [],
}: Pick<Listener, 'name' | 'schema' | 'sends'>): ListenerSchema => ({
  name,
  schema,
  findsOrders: sends.includes('order-mediator'),
});

/**
 * Makes the tables of these listeners and the roles of a database that is migrated. After it, components and listeners
 * need no right to make any. False when this user of PostgreSQL may make no roles. Safe to repeat.
 */
export async function prepareDatabase(databaseUrl: string, listeners: readonly Listener[]): Promise<boolean> {
  await prepareInboxes(databaseUrl, listeners);
  return prepareRoles(databaseUrl, listeners.map(schemaOf));
}
