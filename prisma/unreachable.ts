/** The reasons for which a database cannot be used, as half a sentence each. */
const words = {
  away: 'cannot be reached',
  missing: 'is not there',
  denied: 'refuses this user',
  slow: 'did not answer in time',
  closed: 'closed the connection',
  empty: 'has no tables yet',
  pooled: 'is behind a pooler that does not keep our session; give the address of PostgreSQL itself',
} as const;

/** A reason for which a database cannot be used. */
export type DatabaseProblem = keyof typeof words;

/** The codes of Node's sockets and of PostgreSQL, and the names that Prisma's adapter gives them. */
const problems: Readonly<Record<string, DatabaseProblem>> = {
  ECONNREFUSED: 'away',
  ENOTFOUND: 'away',
  EAI_AGAIN: 'away',
  EHOSTUNREACH: 'away',
  ENETUNREACH: 'away',
  DatabaseNotReachable: 'away',
  '57P03': 'away',
  '3D000': 'missing',
  DatabaseDoesNotExist: 'missing',
  '28P01': 'denied',
  '28000': 'denied',
  '42501': 'denied',
  DatabaseAccessDenied: 'denied',
  AuthenticationFailed: 'denied',
  ETIMEDOUT: 'slow',
  '57014': 'slow',
  SocketTimeout: 'slow',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  '57P01': 'closed',
  '57P02': 'closed',
  '08006': 'closed',
  ConnectionClosed: 'closed',
  // PgBouncer, for a startup parameter; PostgreSQL, for a named statement of another session.
  '08P01': 'pooled',
  '26000': 'pooled',
  '42P05': 'pooled',
  '42P01': 'empty',
  '3F000': 'empty',
  TableDoesNotExist: 'empty',
};

/** The driver gives these errors no code. */
const sentences: readonly (readonly [begins: string, problem: DatabaseProblem])[] = [
  ['timeout exceeded when trying to connect', 'slow'],
  ['Connection terminated due to connection timeout', 'slow'],
  ['Query read timeout', 'slow'],
  ['Connection terminated', 'closed'],
  ['Client has encountered a connection error', 'closed'],
];

interface DatabaseError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly errors?: readonly unknown[];
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: { readonly kind?: string } } };
}

/** The reason for which a database could not be used, by an error; undefined for any other error. */
export function databaseProblem(error: unknown): DatabaseProblem | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, message, errors, meta }: DatabaseError = error;
  const known = problems[meta?.driverAdapterError?.cause?.kind ?? ''] ?? problems[typeof code === 'string' ? code : ''];
  if (known) return known;
  if (Array.isArray(errors) && errors.length > 0) return databaseProblem(errors[0]); // of a name with several addresses
  return sentences.find(([begins]) => typeof message === 'string' && message.startsWith(begins))?.[1];
}

/** A problem as the second half of a sentence: `The database … cannot be reached`. */
export const problemWords = (problem: DatabaseProblem): string => words[problem];
