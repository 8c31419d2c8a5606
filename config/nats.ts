import { z } from 'zod';
import { ownValue, perIdentity } from './identities.ts';

const url = z.url({ protocol: /^(nats|tls|wss?)$/, error: 'must be nats://host:port' }).optional();
const path = z.string().min(1).optional();

/** The variables that lead to NATS. */
export const natsVariables = perIdentity({
  NATS_URL: url,
  NATS_CREDS: path,
  NATS_CA: path,
  NATS_CERT: path,
  NATS_KEY: path,
});

/** The variables of NATS as the environment gives them, and its address in any case. */
export type NatsVariables = Readonly<Record<string, string | undefined>> & { readonly NATS_URL: string };

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

/** The way of an identity to NATS: by its own variables, and where one of them is missing, by that for all. */
export function natsAccess(given: NatsVariables, identity: string): NatsAccess {
  const own = (name: `NATS_${string}`) => ownValue(given, name, identity);
  return {
    url: own('NATS_URL') ?? given.NATS_URL,
    creds: own('NATS_CREDS'),
    ca: own('NATS_CA'),
    cert: own('NATS_CERT'),
    key: own('NATS_KEY'),
  };
}
