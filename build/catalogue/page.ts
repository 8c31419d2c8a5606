import { keys } from './asyncapi.ts';
import type { Catalogue, CatalogueFact, JsonSchema } from './catalogue.ts';

/** Stand around the part of `docs/facts.md` that is made. */
export const marks = { begin: '<!-- begin: the catalogue -->', end: '<!-- end: the catalogue -->' } as const;

const titles: Readonly<Record<string, string>> = {
  orders: 'Orders',
  stock: 'Titles',
  customers: 'Customers',
  webhooks: 'Webhooks',
};

/** Every fact for people: when, by whom, its data, an example, and who listens. */
export const pageOf = ({ facts, listeners }: Catalogue): string =>
  [
    ...Object.entries(titles).flatMap(([area, title]) => [
      `## ${title}`,
      `On the subjects \`${area}.fact.<name>.<key>\`; the key is ${keys[area]}.`,
      ...facts.filter((fact) => fact.area === area).map(section),
    ]),
    '## The listeners of this project',
    [
      '| listener | what it does | hears |',
      '| --- | --- | --- |',
      ...listeners.map(
        ({ name, about, subjects }) =>
          `| [\`${name}\`](../listeners/${name}/listener.ts) | ${about} | ${subjects.map(code).join(', ')} |`,
      ),
    ].join('\n'),
  ].join('\n\n');

function section({ name, version, when, by, schema, example, heardBy }: CatalogueFact): string {
  const heard = heardBy.length > 0 ? heardBy.map(code).join(', ') : 'a hook: no listener of this project hears it';
  return [
    `### \`${name}\``,
    `${when} Told by: ${by}. Version ${version}. Heard by: ${heard}.`,
    ['| field | type | what |', '| --- | --- | --- |', ...rowsOf(schema, '')].join('\n'),
    ['```json', JSON.stringify(example), '```'].join('\n'),
  ].join('\n\n');
}

function rowsOf({ properties = {}, required = [] }: JsonSchema, prefix: string): readonly string[] {
  return Object.entries(properties).flatMap(([field, schema]) => {
    const name = `${prefix}${field}`;
    const optional = required.includes(field) ? '' : '; may be left out';
    const row = `| \`${name}\` | ${typeOf(schema)} | ${schema.description ?? ''}${optional} |`;
    const inner = schema.items ? rowsOf(schema.items, `${name}[].`) : rowsOf(schema, `${name}.`);
    return [row, ...inner];
  });
}

function typeOf(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  return schema.type === 'array' ? `list of ${typeOf(schema.items ?? {})}` : (schema.type ?? 'anything');
}

const code = (text: string): string => `\`${text}\``;
