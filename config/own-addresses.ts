import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from './environment.ts';

/** `npm start` writes here, in the checkout of the file that was started, what each process may use. */
const folder = join(dirname(process.argv[1] ?? ''), '..', '.stack', 'env');

const servers = ['NATS_', 'DATABASE_URL'];

/**
 * The environment, with the addresses and logins that the `npm start` of this checkout has handed out under these
 * names. A server that the environment gives any address or login of is left to it.
 */
export function withOwnAddresses(names: readonly string[], env: Environment): Environment {
  const files = names
    .map((name) => join(folder, `${name.replaceAll(':', '-')}.env`))
    .filter((file) => existsSync(file));
  const own = files.flatMap((file) => Object.entries(parseEnv(readFileSync(file, 'utf8'))));
  const isGiven = (prefix: string) =>
    Object.keys(env).some((name) => name.startsWith(prefix) && name !== 'NATS_MONITOR_URL' && env[name]);
  const left = servers.filter((prefix) => !isGiven(prefix));
  return { ...env, ...Object.fromEntries(own.filter(([name]) => left.some((prefix) => name.startsWith(prefix)))) };
}
