import { z } from 'zod';
import type { Environment } from './environment.ts';

/** `listener-order-timeline` has the variables that end with `_LISTENER_ORDER_TIMELINE`. */
export const suffixOf = (identity: string): string => identity.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');

/**
 * Variables that lead to a server. Each may be given for one identity alone, as in `NATS_URL_RELAY`: who the process is
 * there, in the part of it that has this name.
 */
export function perIdentity<Shape extends Readonly<Record<string, z.ZodType<string | undefined>>>>(variables: Shape) {
  const ofOneIdentity = new RegExp(`^(${Object.keys(variables).join('|')})_[A-Z0-9_]+$`);
  return {
    /** The schema of these variables, also of those of single identities that are among the given ones. */
    schema(env: Environment): z.ZodObject<Shape> {
      const own = Object.keys(env).flatMap((name) => {
        const base = ofOneIdentity.exec(name)?.[1];
        return base ? [[name, variables[base]] as const] : [];
      });
      return z.object({ ...variables, ...Object.fromEntries(own) });
    },
    /** Picks the variables out of an environment that was checked. */
    pick(value: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
      return Object.fromEntries(
        Object.entries(value).filter(
          (entry): entry is [string, string] =>
            (entry[0] in variables || ofOneIdentity.test(entry[0])) && typeof entry[1] === 'string',
        ),
      );
    },
  };
}

/** The value for an identity: its own, and where that is missing, the one for all. */
export const ownValue = (
  given: Readonly<Record<string, string | undefined>>,
  name: string,
  identity: string,
): string | undefined => given[`${name}_${suffixOf(identity)}`] ?? given[name];
