import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { describe, expect, test } from 'vitest';
import { readCatalogue, type Catalogue, type JsonSchema } from '../../../build/catalogue/catalogue.ts';
import { brokenPromises, releasedFrom } from '../../../build/catalogue/compatibility.ts';
import type { FactName } from '../../../contracts/facts.ts';
import { refusalTypes, type RefusalType } from '../../../contracts/failures.ts';
import { problemsOfFact } from '../../../contracts/schemas/facts.ts';

const catalogue = await readCatalogue();
const released = releasedFrom(catalogue);

/** The catalogue with another schema of one fact. */
const changed = (name: FactName, change: (schema: JsonSchema) => JsonSchema, version?: number): Catalogue => ({
  ...catalogue,
  facts: catalogue.facts.map((fact) =>
    fact.name === name ? { ...fact, schema: change(fact.schema), version: version ?? fact.version } : fact,
  ),
});

const without = (field: string) => (schema: JsonSchema) => ({
  ...schema,
  properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => name !== field)),
  required: (schema.required ?? []).filter((name) => name !== field),
});

const having = (field: string, of: JsonSchema, isNeeded: boolean) => (schema: JsonSchema) => ({
  ...schema,
  properties: { ...schema.properties, [field]: of },
  required: [...(schema.required ?? []).filter((name) => name !== field), ...(isNeeded ? [field] : [])],
});

test('docs/asyncapi.yaml is an AsyncAPI 3 document', async () => {
  const text = readFileSync(new URL('../../../docs/asyncapi.yaml', import.meta.url), 'utf8');
  const { document, diagnostics } = await new Parser().parse(text);
  const errors = diagnostics.filter(({ severity }) => [0].includes(severity));
  expect(errors.map(({ message }) => message)).toEqual([]);
  expect(document?.version()).toBe('3.0.0');
  const { facts, events } = catalogue;
  expect(document?.allChannels().all()).toHaveLength(facts.length + events.length + 1); // and the deliveries
}, 60_000); // the parser works for seconds

test.each(catalogue.facts.map((fact) => [fact.name, fact] as const))(
  'the example of %s fits its schema, and has every field of it',
  (name, { example, schema }) => {
    expect(problemsOfFact(name, example)).toEqual([]);
    expect(Object.keys(example)).toEqual(Object.keys(schema.properties ?? {}));
  },
);

/** The fact that tells of a refusal; or why none does. */
const toldBy: { readonly [Type in RefusalType]: readonly FactName[] | string } = {
  UnknownCustomer: ['request-refused', 'event-refused'],
  UnknownTitle: ['request-refused', 'event-refused'],
  NotReturnable: ['request-refused', 'event-refused'],
  UnknownMail: ['event-refused'],
  CustomerIdTaken: ['event-refused'],
  PaymentDenied: ['payment-denied'],
  OutOfStock: ['inventory-denied'],
  NotPackable: ['packing-denied'],
  Undeliverable: ['shipment-denied'],
  RequestIdTaken: 'it belongs to another request, and is answered at once; a queued one has a repair case',
  CustomerBusy: 'the request waits, and goes on',
  UnknownCard: 'an action that does not fit is answered at once',
  Superseded: 'a later round of the command is told',
  AlreadyUndone: 'the compensation is told',
};

test('every refusal is told by a fact of the catalogue, or there is a reason why not', () => {
  const names = catalogue.facts.map(({ name }) => name);
  expect(Object.keys(toldBy).toSorted()).toEqual([...refusalTypes].toSorted());
  for (const told of Object.values(toldBy))
    if (typeof told !== 'string') expect(names).toEqual(expect.arrayContaining([...told]));
});

describe('a later catalogue', () => {
  test('that is the same keeps every promise', () => {
    expect(brokenPromises(released, catalogue)).toEqual([]);
  });

  test('may have another fact, and another field that may be left out, in a version of its own', () => {
    const gift = having('giftWrap', { type: 'boolean' }, false);
    expect(brokenPromises(released, changed('order-created', gift, 2))).toEqual([]);
    expect(brokenPromises(released, changed('order-created', gift))).toEqual([
      'The fact order-created has changed: raise its version to 2.',
    ]);
  });

  test.each<[what: string, now: Catalogue, problem: string]>([
    [
      'a field that is gone',
      changed('email-sent', without('kind'), 2),
      'The fact email-sent: kind is gone. Read by: email-analytics.',
    ],
    [
      'a field of another type',
      changed('email-sent', having('kind', { type: 'integer' }, true), 2),
      'The fact email-sent: kind was string, and is integer. Read by: email-analytics.',
    ],
    [
      'a field that may be left out now',
      changed('payment-denied', having('reason', { type: 'string', minLength: 1 }, false), 2),
      'The fact payment-denied: reason may be left out now.',
    ],
    [
      'a new field that must be there',
      changed('payment-denied', having('bank', { type: 'string' }, true), 2),
      'The fact payment-denied: bank is new, and must be one that may be left out.',
    ],
    [
      'a narrowed field',
      changed('payment-denied', having('reason', { type: 'string', minLength: 1, maxLength: 3 }, true), 2),
      'The fact payment-denied: reason has a tighter maxLength.',
    ],
    [
      'a field inside a list that is gone',
      changed(
        'inventory-denied',
        (schema) => ({
          ...schema,
          properties: {
            ...schema.properties,
            short: {
              ...schema.properties?.['short'],
              items: without('wanted')(schema.properties?.['short']?.items ?? {}),
            },
          },
        }),
        2,
      ),
      'The fact inventory-denied: short.wanted is gone.',
    ],
    [
      'a fact that is gone',
      { ...catalogue, facts: catalogue.facts.filter(({ name }) => name !== 'customer-emailed') },
      'The fact customer-emailed is gone. Read by: email-analytics.',
    ],
    [
      'an event whose field is gone',
      {
        ...catalogue,
        events: catalogue.events.map((event) =>
          event.name === 'place-order' ? { ...event, schema: without('card')(event.schema) } : event,
        ),
      },
      'The event place-order: card is gone.',
    ],
  ])('with %s breaks a promise, and says whose', (_, now, problem) => {
    expect(brokenPromises(released, now)).toContain(problem);
  });
});
