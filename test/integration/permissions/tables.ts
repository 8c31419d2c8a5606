import { configuredUser } from '../../../broker-bridge/nats/configured-user.ts';
import { natsUsers } from '../../../broker-bridge/nats/users.ts';
import { databaseRoles } from '../../../prisma/roles/roles.ts';
import { databaseDeeds } from './database-deeds.ts';
import { deeds, eavesdropping, listeners } from './nats-deeds.ts';

/** The mark before or behind a part of docs/permissions.md that is made by `npm run docs:permissions`. */
export const markOf = (end: 'begin' | 'end', name: string): string => `<!-- ${end}: ${name} -->`;

/** A listener that sends stands for all of them; one that does not, lacks the subjects of initiating events or prices. */
const anyListener = { name: 'NAME', sends: true, sendsPrices: true };

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const users = (): string =>
  table(
    ['user', 'what it may do'],
    natsUsers([anyListener]).map(({ name, about }) => [`\`${name}\``, about]),
  );

const byWhom = (by: readonly string[]): string => by.map((name) => `\`${name}\``).join(', ') || 'no user';

const deedTable = (): string => {
  const listenerNames = listeners.map(({ name }) => `listener-${name}`);
  const rows = [...deeds, ...eavesdropping].map(({ about, by }) => [about, byWhom(by)]);
  return `In the tests, \`${listenerNames[0]}\` hears only, \`${listenerNames[1]}\` also sends events, and \`${listenerNames[2]}\` also publishes prices.\n\n${table(['deed', 'by'], rows)}`;
};

const roles = (): string =>
  table(
    ['role', 'what it may do'],
    databaseRoles([{ name: 'NAME', schema: 'NAME', findsOrders: true }]).map(({ name, about }) => [
      `\`${name}\``,
      about,
    ]),
  );

const databaseDeedTable = (): string =>
  table(
    ['deed', 'by'],
    databaseDeeds.map(({ about, by }) => [about, by.length > 0 ? byWhom(by) : 'no role']),
  );

/** As nats-server's configuration has it: its own words take JSON. A password comes from the server's environment. */
const configuration = (): string => {
  const entries = natsUsers([anyListener]).map((user) => {
    const variable = `$NATS_PASSWORD_${user.name.toUpperCase().replaceAll('-', '_')}`;
    const given = JSON.parse(configuredUser(user, '')) as object;
    return JSON.stringify(given, null, 2).replace('"password": ""', `"password": ${variable}`);
  });
  return `\`\`\`text\nauthorization {\n  users: [\n${entries.join('\n')}\n  ]\n}\n\`\`\``;
};

/** The parts of docs/permissions.md that follow from the code, by name. */
export const tables = { users, deeds: deedTable, configuration, roles, 'database-deeds': databaseDeedTable } as const;
