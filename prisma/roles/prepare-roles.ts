import pg from 'pg';
import { sessionOn } from '../session.ts';
import { databaseRoles, type DatabaseRole, type ListenerSchema } from './roles.ts';

/** The name of a role on its server: two databases of one server have roles of their own. */
export const roleNameOf = (database: string, role: string): string => `${database}_${role.replaceAll('-', '_')}`;

/** The database that an address names. */
export const databaseOf = (databaseUrl: string): string => decodeURIComponent(new URL(databaseUrl).pathname.slice(1));

/**
 * Makes the roles where they are missing, and gives each its privileges and no others, also when it had more before.
 * They cannot log in: a user is made a member of those that it works as. To be run as the owner of the tables, after
 * the migrations and the listeners' tables. False when this user may make no roles: then nothing was done. Safe to call
 * again, and at the same time.
 */
export async function prepareRoles(databaseUrl: string, listeners: readonly ListenerSchema[]): Promise<boolean> {
  const client = new pg.Client(sessionOn(databaseUrl));
  await client.connect();
  try {
    if (!(await mayMakeRoles(client))) return false;
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('prepare-roles', 0))`);
    const [known, policies] = [await readTables(client), await readPolicies(client, databaseOf(databaseUrl))];
    const statements = statementsFor(databaseOf(databaseUrl), { known, listeners });
    for (const statement of [...policies, ...statements]) await client.query(statement);
    await client.query('COMMIT');
    return true;
  } finally {
    await client.end(); // rolls back what was not committed
  }
}

async function mayMakeRoles(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    'SELECT rolsuper OR rolcreaterole AS may FROM pg_roles WHERE rolname = current_user',
  );
  return rows[0]?.may ?? false;
}

/** The tables of each schema that is not PostgreSQL's own. */
type Tables = ReadonlyMap<string, readonly string[]>;

async function readTables(client: pg.Client): Promise<Tables> {
  const { rows } = await client.query<{ schema: string; tables: string[] }>(
    `SELECT nspname AS schema, coalesce(array_agg(relname::text) FILTER (WHERE relname IS NOT NULL), '{}') AS tables
     FROM pg_namespace AS namespace LEFT JOIN pg_class AS class ON class.relnamespace = namespace.oid AND relkind IN ('r', 'p')
     WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public') GROUP BY nspname ORDER BY nspname`,
  );
  return new Map(rows.map(({ schema, tables }) => [schema, tables]));
}

/** The statements that remove what earlier set-ups have said about rows. */
async function readPolicies(client: pg.Client, database: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; table: string }>(
    `SELECT policyname::text AS name, schemaname || '.' || tablename AS "table" FROM pg_policies WHERE starts_with(policyname, $1)`,
    [roleNameOf(database, '')],
  );
  return rows.map(({ name, table }) => `DROP POLICY ${quoted(name)} ON ${quoted(table)}`);
}

interface Place {
  readonly known: Tables;
  readonly listeners: readonly ListenerSchema[];
}

const quoted = (name: string): string => name.split('.').map(pg.escapeIdentifier).join('.');

function statementsFor(database: string, place: Place): readonly string[] {
  const roles = databaseRoles(place.listeners);
  const names = roles.map(({ name }) => roleNameOf(database, name));
  const everyone = names.map(quoted).join(', ');
  const schemas = [...place.known.keys()].map(quoted).join(', ');
  return [
    ...names.map(roleIfMissing),
    // Otherwise everybody may make temporary tables, and on servers before 15 tables in `public`.
    `REVOKE TEMPORARY ON DATABASE ${quoted(database)} FROM PUBLIC`,
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    `GRANT CONNECT ON DATABASE ${quoted(database)} TO ${everyone}`,
    ...['TABLES', 'SEQUENCES', 'FUNCTIONS'].map(
      (all) => `REVOKE ALL ON ALL ${all} IN SCHEMA ${schemas} FROM ${everyone}`,
    ),
    `REVOKE ALL ON SCHEMA ${schemas} FROM ${everyone}`,
    ...roles.flatMap((role) => grantsOf(role, quoted(roleNameOf(database, role.name)), place)),
    ...policiesOf(roles, (role) => quoted(roleNameOf(database, role))),
  ];
}

/** Where one role sees some rows of a table only, each role that has rights to the table gets a policy. */
function policiesOf(roles: readonly DatabaseRole[], nameOf: (role: string) => string): readonly string[] {
  const tables = new Set(roles.flatMap(({ rows = {} }) => Object.keys(rows)));
  return [...tables].flatMap((table) => [
    `ALTER TABLE ${quoted(table)} ENABLE ROW LEVEL SECURITY`,
    ...roles
      .filter(({ may }) => table in may || schemaOf(table) in may)
      .map(({ name, rows = {} }) => {
        const which = rows[table] ?? 'true';
        return `CREATE POLICY ${nameOf(name)} ON ${quoted(table)} TO ${nameOf(name)} USING (${which}) WITH CHECK (${which})`;
      }),
  ]);
}

/** Roles belong to the whole server: a set-up of another database may make one at the same moment. */
const roleIfMissing = (name: string): string => `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${pg.escapeLiteral(name)}) THEN CREATE ROLE ${quoted(name)} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$`;

/** A schema whose tables are all meant, or one table of it. */
interface Target {
  readonly schema: string;
  readonly table?: string;
}

function grantsOf({ may, counts = [], calls = [] }: DatabaseRole, to: string, place: Place): readonly string[] {
  const onTables = Object.entries(may).flatMap(([on, privileges]) =>
    targetsOf(on, place).map((target) => ({ ...target, privileges })),
  );
  const schemas = new Set([...onTables.map(({ schema }) => schema), ...[...counts, ...calls].map(schemaOf)]);
  return [
    ...[...schemas].map((schema) => `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${to}`),
    ...onTables.flatMap(({ schema, table, privileges }) =>
      table === undefined
        ? [
            `GRANT ${privileges} ON ALL TABLES IN SCHEMA ${quoted(schema)} TO ${to}`,
            ...(privileges.includes('INSERT')
              ? [`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${quoted(schema)} TO ${to}`]
              : []),
          ]
        : [`GRANT ${privileges} ON ${quoted(`${schema}.${table}`)} TO ${to}`],
    ),
    ...counts.map((sequence) => `GRANT USAGE ON SEQUENCE ${quoted(sequence)} TO ${to}`),
    ...calls.map((name) => `GRANT EXECUTE ON FUNCTION ${quoted(name)} TO ${to}`),
  ];
}

const schemaOf = (name: string): string => name.split('.')[0] ?? name;

/** The tables and schemas that a key of `may` stands for, of those that are there. */
function targetsOf(on: string, { known, listeners }: Place): readonly Target[] {
  const [schema = on, table] = on.split('.');
  const schemas = schema === '*' ? listeners.map((one) => one.schema) : [schema];
  return schemas
    .filter((one) => (table === undefined ? known.has(one) : known.get(one)?.includes(table)))
    .map((one) => (table === undefined ? { schema: one } : { schema: one, table }));
}
