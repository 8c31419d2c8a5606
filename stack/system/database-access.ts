import { suffixOf } from '../../config/identities.ts';
import type { StackPorts } from '../../config/config.ts';
import { processorNames } from '../../contracts/command-routes.ts';
import type { Login } from '../../prisma/roles/prepare-logins.ts';
import { databaseRoles, listenerRole, rolesOfComponent, type ListenerSchema } from '../../prisma/roles/roles.ts';
import type { PasswordOf } from './passwords.ts';

/** A system's own PostgreSQL, of which it hands out logins. */
export interface DatabaseSystem {
  readonly ports: Pick<StackPorts, 'postgres'>;
  readonly listeners: readonly Pick<ListenerSchema, 'name'>[];
  readonly passwordOf: PasswordOf;
}

/** The components that run in one process, by its name. They share a login, because they share its connections. */
const together: Readonly<Record<string, readonly string[]>> = {
  compact: ['compact'],
  processors: processorNames,
  mediators: ['customer-mediator', 'returns-mediator', 'workflow-processor', 'bulk'],
};

/** The roles of each login. */
function rolesByLogin(listeners: DatabaseSystem['listeners']): ReadonlyMap<string, readonly string[]> {
  const alone = databaseRoles(listeners.map(({ name }) => ({ name, schema: name }))).map(({ name }) => name);
  return new Map([
    ...alone.map((role) => [role, rolesOfComponent(role)] as const),
    ...Object.entries(together).map(([login, parts]) => [login, parts.flatMap(rolesOfComponent)] as const),
  ]);
}

/** The logins that a process of this name gets: as a rule one, which has its name. */
function loginsOf(process: string, listeners: DatabaseSystem['listeners']): readonly string[] {
  if (process === 'listeners') return listeners.map(({ name }) => listenerRole(name)); // each has connections of its own
  if (process === 'dashboard') return ['desk', 'administrator'];
  return [process];
}

/** The users of the system's own PostgreSQL. */
export const databaseLogins = ({ listeners, passwordOf }: Omit<DatabaseSystem, 'ports'>): readonly Login[] =>
  [...rolesByLogin(listeners)].map(([name, roles]) => ({ name, roles, password: passwordOf('postgres', name) }));

/**
 * The variables by which a process of this name gets to the system's own PostgreSQL: as its own roles, and no other.
 */
export function databaseEnvironmentOf(process: string, system: DatabaseSystem): Readonly<Record<string, string>> {
  const { ports, listeners, passwordOf } = system;
  const place = `127.0.0.1:${ports.postgres}/order_mediator`;
  const known = rolesByLogin(listeners);
  const own = loginsOf(process, listeners).flatMap((login) =>
    (known.get(login) ?? []).map((role) => [
      `DATABASE_URL_${suffixOf(role)}`,
      `postgresql://${login}:${passwordOf('postgres', login)}@${place}`,
    ]),
  );
  return { DATABASE_URL: `postgresql://${place}`, ...Object.fromEntries(own) };
}

/** The names of processes that work in the database, also of those that are started by hand. */
export const databaseProcesses = (listeners: DatabaseSystem['listeners']): readonly string[] => [
  ...rolesByLogin(listeners).keys(),
  'listeners',
  'dashboard',
];
