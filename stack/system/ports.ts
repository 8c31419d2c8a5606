import { acceptsConnections } from '../launch/answers.ts';
import { isFree } from '../launch/ports.ts';
import type { ServerSpec } from './servers.ts';

/** Whoever listens; what is not provided by an address has no `providedBy`. */
type Listening = Pick<ServerSpec, 'name' | 'listens'> & Partial<Pick<ServerSpec, 'providedBy'>>;

/** Fails before anything is started when a port is in use, with a sentence for each that says what to set. */
export async function requireFreePorts(servers: readonly Listening[]): Promise<void> {
  const checks = servers.flatMap(({ name, providedBy, listens }) =>
    listens.map(async ({ port, variable }) =>
      (await isFree(port)) && !(await acceptsConnections(port))
        ? []
        : [`Port ${port} for ${name} is in use: set ${variable} to a free one${orUse(providedBy)}.`],
    ),
  );
  const taken = (await Promise.all(checks)).flat();
  if (taken.length > 0) throw new Error(taken.join('\n'));
}

const orUse = (providedBy: string | undefined): string => (providedBy ? `, or ${providedBy} to use what is there` : '');
