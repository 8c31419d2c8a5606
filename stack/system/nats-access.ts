import { suffixOf } from '../../config/identities.ts';
import type { StackPorts } from '../../config/config.ts';
import { configuredUser } from '../../broker-bridge/nats/configured-user.ts';
import { listenerUser, natsUsers, type ListenerRights } from '../../broker-bridge/nats/users.ts';
import type { PasswordOf } from './passwords.ts';

/** The users of NATS that each process of the system connects as, by the process's name; the others use no NATS. */
const usersOf = (listeners: readonly ListenerRights[]): Readonly<Record<string, readonly string[]>> => {
  const listening = listeners.map(({ name }) => listenerUser(name));
  return {
    relay: ['relay'],
    intake: ['intake'],
    deliveries: ['deliveries'],
    supplier: ['supplier'],
    listeners: listening,
    ...Object.fromEntries(listening.map((name) => [name, [name]])),
    mediators: ['workflow-processor'],
    'workflow-processor': ['workflow-processor'],
    dashboard: ['desk', 'administrator'],
    client: ['producer', 'outside-listener', 'asker'],
    'smtp-sink': ['mail-server'],
    ask: ['ask'],
    administrator: ['administrator'],
  };
};

/** The users of the system's own NATS, as its configuration has them. */
export const natsLogins = (listeners: readonly ListenerRights[], passwordOf: PasswordOf): readonly string[] =>
  natsUsers(listeners).map((user) => configuredUser(user, passwordOf('nats', user.name)));

/** The address with the login of a user. */
const natsUrlOf = (ports: Pick<StackPorts, 'nats'>, user: string, passwordOf: PasswordOf): string =>
  `nats://${user}:${passwordOf('nats', user)}@127.0.0.1:${ports.nats}`;

/** The variables by which a process of this name gets to the system's own NATS: as its own users, and no other. */
export function natsEnvironmentOf(
  process: string,
  { ports, listeners, passwordOf }: NatsSystem,
): Readonly<Record<string, string>> {
  const users = usersOf(listeners)[process] ?? [];
  const own = users.map((user) => [`NATS_URL_${suffixOf(user)}`, natsUrlOf(ports, user, passwordOf)]);
  return { NATS_URL: `nats://127.0.0.1:${ports.nats}`, ...Object.fromEntries(own) };
}

/** The names that have users. */
export const natsProcesses = (listeners: readonly ListenerRights[]): readonly string[] =>
  Object.keys(usersOf(listeners));

export interface NatsSystem {
  readonly ports: Pick<StackPorts, 'nats'>;
  readonly listeners: readonly ListenerRights[];
  readonly passwordOf: PasswordOf;
}
