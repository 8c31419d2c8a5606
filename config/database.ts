import { z } from 'zod';
import { ownValue, perIdentity } from './identities.ts';

const url = z
  .url({ protocol: /^postgres(ql)?$/, error: 'must be postgresql://user:password@host:port/database' })
  .optional();

/** The variables that lead to PostgreSQL. `DATABASE_URL_PAYMENT` is that of the role `payment` alone. */
export const databaseVariables = perIdentity({ DATABASE_URL: url });

/** The addresses of the database as the environment gives them, and one for all in any case. */
export type DatabaseVariables = Readonly<Record<string, string | undefined>> & { readonly DATABASE_URL: string };

/** The address by which a role gets to the database: its own, and where that is missing, the one for all. */
export const databaseUrlOf = (given: DatabaseVariables, role: string): string =>
  ownValue(given, 'DATABASE_URL', role) ?? given.DATABASE_URL;
