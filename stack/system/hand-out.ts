import type { ProvidedAddress, StackPorts } from '../../config/config.ts';
import type { ListenerRights } from '../../broker-bridge/nats/users.ts';
import type { Login } from '../../prisma/roles/prepare-logins.ts';
import { databaseEnvironmentOf, databaseLogins, databaseProcesses } from './database-access.ts';
import { natsEnvironmentOf, natsLogins, natsProcesses } from './nats-access.ts';
import { openPasswords, writeEnvironments } from './passwords.ts';

export interface HandOutOptions {
  readonly folder: string;
  readonly ports: StackPorts;
  readonly provided: ReadonlySet<ProvidedAddress>;
  readonly listeners: readonly ListenerRights[];
  /** Every process gets this, before logins are handed out. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The variables that lead to a server of the system's own: a process gets its own of these. */
const logins = {
  NATS_URL: /^NATS_(URL|CREDS|CA|CERT|KEY)(_|$)/,
  DATABASE_URL: /^DATABASE_URL(_|$)/,
} as const;

/** The logins of a system. */
export interface HandOut {
  /** The users of NATS, as its configuration has them. */
  readonly natsLogins: readonly string[];
  readonly databaseLogins: readonly Login[];
  environmentOf(process: string): NodeJS.ProcessEnv;
  /** Writes down what each process may use, for those that are started by hand. */
  write(): void;
}

/**
 * Hands each process its own logins at the servers that the system runs itself. A server that the environment provides
 * is left to the environment, which every process gets as it is.
 */
export function openHandOut({ folder, ports, provided, listeners, environment }: HandOutOptions): HandOut {
  const passwordOf = openPasswords(folder);
  const system = { ports, listeners, passwordOf };
  const ownOf = (process: string) => ({
    ...(provided.has('NATS_URL') ? {} : natsEnvironmentOf(process, system)),
    ...(provided.has('DATABASE_URL') ? {} : databaseEnvironmentOf(process, system)),
  });
  const isLogin = (name: string) =>
    Object.entries(logins).some(([server, its]) => !provided.has(server as keyof typeof logins) && its.test(name));
  const common = Object.fromEntries(Object.entries(environment).filter(([name]) => !isLogin(name)));
  const processes = () => new Set([...natsProcesses(listeners), ...databaseProcesses(listeners)]);
  return {
    natsLogins: natsLogins(listeners, passwordOf),
    databaseLogins: databaseLogins(system),
    environmentOf: (process) => ({ ...common, ...ownOf(process) }),
    write: () => writeEnvironments(folder, new Map([...processes()].map((name) => [name, ownOf(name)]))),
  };
}
