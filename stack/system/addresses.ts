import { stackAddresses, type StackPorts } from '../../config/config.ts';

/** Where everything is, as the environment variables that say so. */
export type Addresses = ReturnType<typeof stackAddresses>;

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment provides, and for the rest the stack's own servers on their ports. */
export function addressesOf(ports: StackPorts, environment: Environment): Addresses {
  const own = Object.entries(stackAddresses(ports));
  return Object.fromEntries(own.map(([name, address]) => [name, environment[name] || address])) as Addresses;
}
