import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

const portError = 'must be a port, 1 to 65535';

/** A port among the variables. */
export const port = z.coerce.number({ error: portError }).int(portError).min(1, portError).max(65_535, portError);

/** The variables that are set. An empty value counts as not set. */
export const givenIn = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));

/** Reads variables. Fails with one sentence that lists every name that is wrong. */
export function readEnvironment<Value>(schema: z.ZodType<Value>, env: Environment): Value {
  const parsed = schema.safeParse(givenIn(env));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The environment has values that cannot be used. ${wrong.join('; ')}`);
}
