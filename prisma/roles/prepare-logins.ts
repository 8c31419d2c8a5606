import pg from 'pg';
import { sessionOn } from '../session.ts';
import { databaseOf, roleNameOf } from './prepare-roles.ts';

/** A user of PostgreSQL that a process logs in as, with the roles that it works as. */
export interface Login {
  readonly name: string;
  readonly password: string;
  readonly roles: readonly string[];
}

/**
 * Makes the users of a server that is the system's own, with these passwords, each a member of its roles and of no
 * other. The roles are there already.
 */
export async function prepareLogins(databaseUrl: string, logins: readonly Login[]): Promise<void> {
  const database = databaseOf(databaseUrl);
  const client = new pg.Client(sessionOn(databaseUrl));
  await client.connect();
  try {
    await client.query('BEGIN');
    for (const login of logins)
      for (const statement of await statementsFor(client, login, database)) await client.query(statement);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

const list = (names: readonly string[]): string => names.map(pg.escapeIdentifier).join(', ');

async function statementsFor(
  client: pg.Client,
  { name, password, roles }: Login,
  database: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ role: string | null }>(
    `SELECT of.rolname::text AS role FROM pg_roles AS login LEFT JOIN pg_auth_members AS membership ON membership.member = login.oid
     LEFT JOIN pg_roles AS of ON of.oid = membership.roleid WHERE login.rolname = $1`,
    [name],
  );
  const wanted = roles.map((role) => roleNameOf(database, role));
  const left = rows.flatMap(({ role }) => (role !== null && !wanted.includes(role) ? [role] : []));
  const login = pg.escapeIdentifier(name);
  return [
    `${rows.length > 0 ? 'ALTER' : 'CREATE'} ROLE ${login} LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
    ...(left.length > 0 ? [`REVOKE ${list(left)} FROM ${login}`] : []),
    `GRANT ${list(wanted)} TO ${login}`,
  ];
}
