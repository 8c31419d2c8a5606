import type { ProvidedAddress, StackPorts } from '../../config/config.ts';
import type { ListenerRights } from '../../broker-bridge/nats/users.ts';
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

/** What leads to a server of the system's own: a process gets its own of these. */
const logins = { NATS_URL: /^NATS_(URL|CREDS|CA|CERT|KEY)(_|$)/ } as const;

/** The logins of a system. */
export type HandOut = ReturnType<typeof openHandOut>;

/**
 * Hands each process its own logins at the servers that the system runs itself. A server that the environment provides
 * is left to the environment, which every process gets as it is.
 */
export function openHandOut({ folder, ports, provided, listeners, environment }: HandOutOptions) {
  const passwordOf = openPasswords(folder);
  const system = { ports, listeners, passwordOf };
  const ownOf = (process: string) => (provided.has('NATS_URL') ? {} : natsEnvironmentOf(process, system));
  const isLogin = (name: string) => !provided.has('NATS_URL') && logins.NATS_URL.test(name);
  const common = Object.fromEntries(Object.entries(environment).filter(([name]) => !isLogin(name)));
  return {
    natsLogins: natsLogins(listeners, passwordOf),
    environmentOf: (process: string): NodeJS.ProcessEnv => ({ ...common, ...ownOf(process) }),
    /** Writes down what each process may use, for those that are started by hand. */
    write: () => writeEnvironments(folder, new Map(natsProcesses(listeners).map((name) => [name, ownOf(name)]))),
  };
}
