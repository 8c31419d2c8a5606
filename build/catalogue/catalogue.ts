import { z } from 'zod';
import { subjectsOf, type Listener } from '../../broker-bridge/facts/listener.ts';
import { factAreas, type FactName } from '../../contracts/facts.ts';
import { initiatingEvents, type InitiatingEventName } from '../../contracts/initiating-events.ts';
import { factCatalogue } from '../../contracts/schemas/facts.ts';
import { eventSchemas } from '../../contracts/schemas/initiating-events.ts';
import { stockDelivered } from '../../contracts/schemas/supplier-deliveries.ts';
import { loadListeners } from '../../listeners/load-listener.ts';

/** JSON Schema (draft 7), as far as the catalogue uses it. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly [other: string]: unknown;
}

/** A listener with the subjects that its durable consumer has. */
export interface CatalogueListener extends Pick<Listener, 'name' | 'about' | 'reads' | 'follows'> {
  readonly subjects: readonly string[];
}

/** A fact as the catalogue shows it. */
export interface CatalogueFact {
  readonly name: FactName;
  readonly area: string;
  readonly version: number;
  readonly when: string;
  readonly by: string;
  readonly schema: JsonSchema;
  readonly example: object;
  /** The listeners of this project that hear it. */
  readonly heardBy: readonly string[];
}

/** An initiating event as the catalogue shows it. */
export interface CatalogueEvent {
  readonly name: InitiatingEventName;
  readonly mediatorClass: string;
  readonly version: number;
  readonly schema: JsonSchema;
}

/** All that can be sent to the shop and heard from it. */
export interface Catalogue {
  readonly facts: readonly CatalogueFact[];
  readonly events: readonly CatalogueEvent[];
  /** The body of a supplier's delivery. */
  readonly delivery: JsonSchema;
  readonly listeners: readonly CatalogueListener[];
}

/** Reads the catalogue from the contracts and the folders of listeners. */
export async function readCatalogue(): Promise<Catalogue> {
  const listeners = await readListeners();
  const facts = (Object.keys(factCatalogue) as FactName[]).map((name) => {
    const { version, when, by, schema, example } = factCatalogue[name];
    const heardBy = listeners.filter(hearing(name)).map((listener) => listener.name);
    return { name, area: factAreas[name], version, when, by, schema: jsonSchemaOf(schema), example, heardBy };
  });
  const events = (Object.keys(initiatingEvents) as InitiatingEventName[]).map((name) => {
    const { mediatorClass } = initiatingEvents[name];
    return { name, mediatorClass, version: 1, schema: jsonSchemaOf(eventSchemas[name]) };
  });
  return { facts, events, delivery: jsonSchemaOf(stockDelivered), listeners };
}

const hearing =
  (name: FactName) =>
  ({ reads }: CatalogueListener): boolean =>
    typeof reads === 'string' ? reads === 'all' || reads === factAreas[name] : Object.hasOwn(reads, name);

async function readListeners(): Promise<readonly CatalogueListener[]> {
  return (await loadListeners()).map((listener) => {
    const { name, about, reads, follows } = listener;
    return { name, about, reads, follows, subjects: subjectsOf(listener) };
  });
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
  });
  return JSON.parse(JSON.stringify(rest)) as JsonSchema; // plain JSON
}
