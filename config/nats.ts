import { z } from 'zod';
import type { Environment } from './environment.ts';

const url = z.url({ protocol: /^(nats|tls|wss?)$/, error: 'must be nats://host:port' }).optional();
const path = z.string().min(1).optional();

/** The variables that lead to NATS. Each may be given for one identity alone, as in `NATS_URL_RELAY`. */
const variables = { NATS_URL: url, NATS_CREDS: path, NATS_CA: path, NATS_CERT: path, NATS_KEY: path };

type Variable = keyof typeof variables;

const ofOneIdentity = new RegExp(`^(${Object.keys(variables).join('|')})_[A-Z0-9_]+$`);

/** The variables of NATS as the environment gives them, and its address in any case. */
export type NatsVariables = Readonly<Record<string, string | undefined>> & { readonly NATS_URL: string };

/** The schema of these variables, also of those of single identities that are among the given ones. */
export const natsEnvironment = (env: Environment): z.ZodObject<typeof variables> => {
  const own = Object.keys(env).flatMap((name) => {
    const base = ofOneIdentity.exec(name)?.[1] as Variable | undefined;
    return base ? [[name, variables[base]] as const] : [];
  });
  return z.object({ ...variables, ...Object.fromEntries(own) });
};

/** Picks the variables out of an environment that was checked. */
export const natsVariables = (value: Readonly<Record<string, unknown>>, ownUrl: string): NatsVariables => {
  const given = Object.entries(value).filter(
    (entry): entry is [string, string] =>
      (entry[0] in variables || ofOneIdentity.test(entry[0])) && typeof entry[1] === 'string',
  );
  return { NATS_URL: ownUrl, ...Object.fromEntries(given) };
};

/** The way of one identity to NATS. */
export interface NatsAccess {
  readonly url: string;
  /** Path of a credentials file, when the server asks for one. */
  readonly creds?: string | undefined;
  /** For TLS, paths of the authority that the server is checked by, and of our own certificate and its key. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** `listener-order-timeline` has the variables that end with `_LISTENER_ORDER_TIMELINE`. */
export const suffixOf = (identity: string): string => identity.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');

/** The way of an identity to NATS: by its own variables, and where one of them is missing, by that for all. */
export function natsAccess(given: NatsVariables, identity: string): NatsAccess {
  const own = (name: Variable) => given[`${name}_${suffixOf(identity)}`] ?? given[name];
  return {
    url: own('NATS_URL') ?? given.NATS_URL,
    creds: own('NATS_CREDS'),
    ca: own('NATS_CA'),
    cert: own('NATS_CERT'),
    key: own('NATS_KEY'),
  };
}
