import type { Catalogue, CatalogueListener, JsonSchema } from './catalogue.ts';

/** The catalogue of the last release: what others have built on. */
export interface ReleasedCatalogue {
  readonly facts: Readonly<Record<string, Released>>;
  readonly events: Readonly<Record<string, Released>>;
}

interface Released {
  readonly version: number;
  readonly area?: string;
  readonly schema: JsonSchema;
}

/** The part of a catalogue that a release promises. */
export const releasedFrom = ({ facts, events }: Catalogue): ReleasedCatalogue => ({
  facts: Object.fromEntries(facts.map(({ name, version, area, schema }) => [name, { version, area, schema }])),
  events: Object.fromEntries(events.map(({ name, version, schema }) => [name, { version, schema }])),
});

/**
 * What the catalogue no longer keeps of the released one, a sentence each; none when everything that was built on it
 * goes on working. A field may be added when it may be left out. For events the same: what a producer sends today has
 * to fit tomorrow.
 */
export function brokenPromises(released: ReleasedCatalogue, now: Catalogue): readonly string[] {
  const current = releasedFrom(now);
  const facts = Object.entries(released.facts).flatMap(([name, fact]) =>
    compare(`The fact ${name}`, fact, current.facts[name], (field) => readersOf(name, field, now.listeners)),
  );
  const events = Object.entries(released.events).flatMap(([name, event]) =>
    compare(`The event ${name}`, event, current.events[name], () => ''),
  );
  return [...facts, ...events];
}

type NameReaders = (field: string | null) => string;

/** The listeners that read this field of a fact; without a field, those that hear the fact. */
const readersOf = (name: string, field: string | null, listeners: readonly CatalogueListener[]): string => {
  const readers = listeners.filter(({ reads }) => {
    if (typeof reads === 'string') return false;
    const fields: readonly string[] | undefined = (reads as Readonly<Record<string, readonly string[]>>)[name];
    return fields !== undefined && (field === null || fields.includes(field));
  });
  return readers.length === 0 ? '' : ` Read by: ${readers.map((listener) => listener.name).join(', ')}.`;
};

function compare(
  about: string,
  before: Released,
  after: Released | undefined,
  readers: NameReaders,
): readonly string[] {
  if (!after) return [`${about} is gone.${readers(null)}`];
  const moved =
    before.area === after.area ? [] : [`${about} has moved from ${before.area} to ${after.area}.${readers(null)}`];
  const broken = differences(before.schema, after.schema, []).map(
    ({ path, what }) => `${about}: ${path.join('.')} ${what}.${readers(path[0] ?? null)}`,
  );
  const hasChanged = JSON.stringify(shapeOf(before.schema)) !== JSON.stringify(shapeOf(after.schema));
  const isUnmarked = hasChanged && broken.length === 0 && after.version <= before.version;
  return [
    ...moved,
    ...broken,
    ...(isUnmarked ? [`${about} has changed: raise its version to ${before.version + 1}.`] : []),
  ];
}

interface Difference {
  readonly path: readonly string[];
  readonly what: string;
}

function differences(before: JsonSchema, after: JsonSchema, path: readonly string[]): readonly Difference[] {
  if (kindOf(before) !== kindOf(after)) return [{ path, what: `was ${kindOf(before)}, and is ${kindOf(after)}` }];
  const narrowed = narrowings(before, after).map((what) => ({ path, what }));
  const items = before.items && after.items ? differences(before.items, after.items, path) : [];
  return [...narrowed, ...items, ...fieldDifferences(before, after, path)];
}

function fieldDifferences(before: JsonSchema, after: JsonSchema, path: readonly string[]): readonly Difference[] {
  const [had, has] = [before.properties ?? {}, after.properties ?? {}];
  const needed = new Set(after.required);
  const wasNeeded = new Set(before.required);
  const kept = Object.entries(had).flatMap(([field, schema]): readonly Difference[] => {
    const at = [...path, field];
    const now = has[field];
    if (!now) return [{ path: at, what: 'is gone' }];
    const loosened = wasNeeded.has(field) && !needed.has(field) ? [{ path: at, what: 'may be left out now' }] : [];
    const tightened = !wasNeeded.has(field) && needed.has(field) ? [{ path: at, what: 'must be there now' }] : [];
    return [...loosened, ...tightened, ...differences(schema, now, at)];
  });
  const added = Object.keys(has)
    .filter((field) => !Object.hasOwn(had, field) && needed.has(field))
    .map((field) => ({ path: [...path, field], what: 'is new, and must be one that may be left out' }));
  return [...kept, ...added];
}

/** The kind of a value, in which `null` counts. */
const kindOf = (schema: JsonSchema): string =>
  schema.anyOf ? schema.anyOf.map(kindOf).toSorted().join(' or ') : (schema.type ?? 'anything');

const upper = ['maximum', 'maxLength', 'maxItems'] as const;
const lower = ['minimum', 'minLength', 'minItems'] as const;

/** Values that were allowed and are not any more. */
function narrowings(before: JsonSchema, after: JsonSchema): readonly string[] {
  const gone = after.enum ? (before.enum ?? []).filter((value) => !after.enum?.includes(value)) : [];
  const isLimited = (limit: string, isTighter: (was: number, is: number) => boolean): boolean => {
    const [was, is] = [before[limit], after[limit]];
    return typeof is === 'number' && (typeof was !== 'number' || isTighter(was, is));
  };
  const tighter = [
    ...upper.filter((limit) => isLimited(limit, (was, is) => is < was)),
    ...lower.filter((limit) => isLimited(limit, (was, is) => is > was)),
  ];
  return [
    ...(gone.length > 0 ? [`may not be ${gone.join(', ')} any more`] : []),
    ...tighter.map((limit) => `has a tighter ${limit}`),
    ...(after['pattern'] !== undefined && after['pattern'] !== before['pattern'] ? ['has another pattern'] : []),
  ];
}

/** A schema without what is only for people. */
function shapeOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(shapeOf);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(
    ([name, value]) => !(name === 'description' && typeof value === 'string'),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, shapeOf(value)]));
}
