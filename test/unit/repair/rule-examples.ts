import { dataschemaOf } from '../../../contracts/cloud-events.ts';
import { eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { readMessage, type RepairableMessage } from '../../../activities/repair/rules/rule.ts';

/** What one rule makes of broken messages, and look-alikes that it must leave alone. */
export interface RuleExamples {
  readonly repairs: readonly (readonly [broken: RepairableMessage, whole: RepairableMessage])[];
  readonly leaves: readonly RepairableMessage[];
}

const kind = 'place-order';
const headers = {
  [eventHeaders.id]: 'evt-1',
  [eventHeaders.source]: 'web-shop',
  [eventHeaders.type]: kind,
  [eventHeaders.specversion]: '1.0',
};

const line = { isbn: '9780134685991', quantity: 2 };
const shipTo = { name: 'Anna', street: '1 Harbour Street', city: 'Hamburg', postcode: '20457', country: 'DE' };
const order = { requestId: 'req-00000001', customerId: 'c-1', lines: [line], card: 'card_ok', shipTo, currency: 'EUR' };

type Parts = Partial<Pick<RepairableMessage, 'kind' | 'of' | 'headers' | 'caseId'>>;

const raw = (bytes: Uint8Array, parts: Parts = {}): RepairableMessage =>
  readMessage({ of: 'customer-event', kind, caseId: 'case-1', headers, bytes, ...parts });
const text = (body: string, parts?: Parts): RepairableMessage => raw(Buffer.from(body), parts);
const json = (body: unknown, parts?: Parts): RepairableMessage => text(JSON.stringify(body), parts);
const placed = (changes: object): RepairableMessage => json({ ...order, ...changes });
const quantity = (value: unknown) => placed({ lines: [{ ...line, quantity: value }] });
const isbn = (value: unknown) => placed({ lines: [{ ...line, isbn: value }] });
const country = (value: unknown) => placed({ shipTo: { ...shipTo, country: value } });
const currency = (value: unknown) => placed({ currency: value });
const registered = (changes: object) =>
  json({ customerId: 'c-9', name: 'Anna', email: 'anna@example.com', ...changes }, { kind: 'customer-registered' });
const email = (value: unknown) => registered({ email: value });
const under = (changes: Record<string, string | undefined>, parts: Parts = {}): RepairableMessage => {
  const all = Object.entries({ ...headers, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return json(order, { headers: Object.fromEntries(all), ...parts });
};
const typed = (contentType: string): Parts => ({ headers: { ...headers, [eventHeaders.contentType]: contentType } });
const named = (name: string) => ({ ...order, shipTo: { ...shipTo, name } });
const latin1 = (name: string) => Buffer.from(JSON.stringify(named(name)), 'latin1');
const at = (time: string) => under({ 'ce-time': time });
const ofVersion = (version: number): Parts => ({
  headers: { ...headers, [eventHeaders.dataschema]: dataschemaOf(kind, version) },
});
const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
const utf16 = (body: string) => Buffer.from(body, 'utf16le');
const body = JSON.stringify(order);
const each = (make: (value: unknown) => RepairableMessage, ...pairs: [unknown, unknown][]) =>
  pairs.map(([before, after]) => [make(before), make(after)] as const);

/** By the rule's name. */
export const ruleExamples: Readonly<Record<string, RuleExamples>> = {
  'declared-charset': {
    repairs: [
      [
        raw(latin1('Jürgen'), typed('application/json; charset=iso-8859-1')),
        json(named('Jürgen'), typed('application/json')),
      ],
      [
        raw(latin1('Jürgen'), typed('application/json;charset="Windows-1252"')),
        json(named('Jürgen'), typed('application/json')),
      ],
      [json(order, typed('application/json; charset=ISO-8859-1')), json(order, typed('application/json'))],
    ],
    leaves: [
      json(named('Jürgen'), typed('application/json; charset=iso-8859-1')),
      raw(latin1('Jürgen'), typed('application/json')),
      raw(latin1('Jürgen'), typed('text/plain; charset=iso-8859-1')),
      json(order, typed('application/xml')),
    ],
  },
  'utf-16': {
    repairs: [
      [raw(utf16(`\uFEFF${body}`)), text(body)],
      [raw(swapped(utf16(`\uFEFF${body}`))), text(body)],
      [raw(utf16(body)), text(body)],
      [raw(swapped(utf16(body))), text(body)],
    ],
    leaves: [
      text(body),
      raw(Buffer.from([0xff, 0xfe, 0x7b])),
      raw(Buffer.from([0xff, 0xfe, 0x00, 0xd8])),
      raw(Buffer.from([0, 0])),
    ],
  },
  'utf-8-bom': {
    repairs: [
      [text(`\uFEFF${body}`), text(body)],
      [text('\uFEFF{}'), text('{}')],
      [text('\uFEFF{"half":'), text('{"half":')],
    ],
    leaves: [text(body), text(JSON.stringify({ name: '\uFEFF' })), raw(Buffer.from([0xef, 0xbb]))],
  },
  'trailing-comma': {
    repairs: [
      [text('{"a":1,}'), text('{"a":1}')],
      [text('{"a":[1,2,],}'), text('{"a":[1,2]}')],
      [text('{"a":",]",\n}'), text('{"a":",]"\n}')],
    ],
    leaves: [text('{"a":",}"}'), text('{"a":[1,,2]}'), text('{"a":[,]}'), text('{,}'), text('{"a":1,,}'), text('[1,2')],
  },
  'json-in-text': {
    repairs: [
      [json(body), json(order)],
      [json('{"a":1}'), json({ a: 1 })],
      [json(' {"a":[]} '), json({ a: [] })],
    ],
    leaves: [json(order), json('[1]'), json('"x"'), json('{"a":'), json('{"__proto__":{}}'), json({ card: '{"a":1}' })],
  },
  'header-names': {
    repairs: [
      [under({ 'ce-id': undefined, 'Ce-Id': 'evt-1' }), under({})],
      [under({ 'ce-type': ` ${kind} ` }), under({})],
      [under({ 'ce-source': undefined, 'CE-SOURCE': 'web-shop\t' }), under({})],
    ],
    leaves: [under({}), under({ 'X-Ce-Id': 'a' }), under({ 'Ce-Id': 'another' }), under({ traceparent: ' 00' })],
  },
  'minted-id': {
    repairs: [
      [under({ 'ce-id': undefined }), under({ 'ce-id': 'case-1' })],
      [under({ 'ce-id': '' }), under({ 'ce-id': 'case-1' })],
      [under({ 'ce-id': undefined }, { caseId: 'case-2' }), under({ 'ce-id': 'case-2' }, { caseId: 'case-2' })],
    ],
    leaves: [under({}), under({ 'ce-id': 'not a token' }), under({ 'ce-id': undefined }, { of: 'fact' })],
  },
  'missing-specversion': {
    repairs: [
      [under({ 'ce-specversion': undefined }), under({ 'ce-specversion': '1.0' })],
      [
        under({ 'ce-specversion': undefined, 'ce-type': undefined }),
        under({ 'ce-specversion': '1.0', 'ce-type': undefined }),
      ],
      [under({ 'ce-specversion': undefined }, { of: 'fact' }), under({}, { of: 'fact' })],
    ],
    leaves: [under({}), under({ 'ce-specversion': '0.3' }), under({ 'ce-specversion': undefined, 'ce-id': undefined })],
  },
  'type-from-subject': {
    repairs: [
      [under({ 'ce-type': undefined }), under({})],
      [under({ 'ce-type': 'PlaceOrder' }), under({})],
      [under({ 'ce-type': 'PLACE_ORDER' }), under({})],
    ],
    leaves: [under({}), under({ 'ce-type': 'place-orders' }), under({ 'ce-type': 'return-requested' })],
  },
  'time-form': {
    repairs: [
      [at('2026-11-23T10:00Z'), at('2026-11-23T10:00:00Z')],
      [at('2026-11-23 10:00:00Z'), at('2026-11-23T10:00:00Z')],
      [at('2026-11-23 10:00:00.5 +01:00'), at('2026-11-23T10:00:00.5+01:00')],
      [at('2026-11-23 10:00 UTC'), at('2026-11-23T10:00:00Z')],
      [at('1763892000000'), at('2025-11-23T10:00:00.000Z')],
    ],
    leaves: [
      at('2026-11-23T10:00:00Z'),
      at('2026-11-23t10:00:00z'),
      at('2026-06-30T23:59:60Z'),
      at('2026-11-23T10:00:00'),
      at('2026-11-23'),
      at('1763892000'),
      at('2026-13-23 10:00Z'),
      at('23.11.2026 10:00Z'),
      under({}),
    ],
  },
  'renamed-fields': {
    repairs: [
      [
        json(
          {
            request: 'req-00000001',
            customer: 'c-1',
            items: [{ ISBN: line.isbn, qty: 2 }],
            token: 'card_ok',
            address: shipTo,
            currency: 'EUR',
          },
          ofVersion(0),
        ),
        json(
          {
            requestId: 'req-00000001',
            customerId: 'c-1',
            lines: [{ isbn: line.isbn, quantity: 2 }],
            card: 'card_ok',
            shipTo,
            currency: 'EUR',
          },
          ofVersion(0),
        ),
      ],
      [
        json({ ...without(order, 'customerId'), customer: 'c-1' }),
        json({ ...without(order, 'customerId'), customerId: 'c-1' }),
      ],
      [
        placed({ shipTo: { ...without(shipTo, 'postcode'), zip: '20457' } }),
        placed({ shipTo: { ...without(shipTo, 'postcode'), postcode: '20457' } }),
      ],
      [
        json({ customer: 'c-9', name: 'Anna', mail: 'a@b.example' }, { kind: 'customer-registered' }),
        json({ customerId: 'c-9', name: 'Anna', email: 'a@b.example' }, { kind: 'customer-registered' }),
      ],
      [
        json({ customer: 'c-9', shipTo: { town: 'Bremen', countryCode: 'DE' } }, { kind: 'address-changed' }),
        json({ customerId: 'c-9', address: { city: 'Bremen', country: 'DE' } }, { kind: 'address-changed' }),
      ],
    ],
    leaves: [
      json(order),
      placed({ customer: 'c-2' }),
      json({ ...without(order, 'customerId'), customer: { id: 'c-1' } }),
      placed({ lines: [{ ...line, qty: 3 }] }),
      json({ customer: 'c-1' }, { kind: 'order-created', of: 'fact' }),
      json({ ...without(order, 'card'), token: 'card_ok' }),
      json({ ...without(order, 'card'), token: 'card_ok' }, ofVersion(1)),
      json(
        { ...without(order, 'card'), token: 'card_ok' },
        { headers: { ...headers, [eventHeaders.dataschema]: 'v0' } },
      ),
      json({ ...without(order, 'customerId'), customer: 'c-1' }, ofVersion(1)),
    ],
  },
  'trimmed-tokens': {
    repairs: [
      [placed({ card: ' card_ok ' }), placed({ card: 'card_ok' })],
      [placed({ customerId: 'c-1\n', requestId: '\treq-00000001' }), placed({})],
      [email(' anna@example.com'), email('anna@example.com')],
      [isbn('9780134685991 '), isbn('9780134685991')],
    ],
    leaves: [
      placed({}),
      placed({ card: 'card ok' }),
      placed({ card: '   ' }),
      placed({ shipTo: { ...shipTo, name: ' Anna ' } }),
    ],
  },
  'isbn-as-number': {
    repairs: each(
      isbn,
      [9780134685991, '9780134685991'],
      [9780201633610, '9780201633610'],
      [9791090636071, '9791090636071'],
    ),
    leaves: [isbn('9780134685991'), isbn(134685997), isbn(9780134685992), isbn(1.5), quantity(9780134685991)],
  },
  'isbn-separators': {
    repairs: each(
      isbn,
      ['978-0-13-468599-1', '9780134685991'],
      ['978 0 13 468599 1', '9780134685991'],
      ['ISBN-13: 978\u20110\u201113\u2011468599\u20111', '9780134685991'],
      ['0-13-468599-7', '0134685997'],
    ),
    leaves: [
      isbn('9780134685991'),
      isbn('978-0-13-468599-2'),
      isbn('978-0-13'),
      isbn('EAN 9780134685991'),
      isbn('978_0134685991'),
    ],
  },
  'isbn-10': {
    repairs: each(
      isbn,
      ['0134685997', '9780134685991'],
      ['0201633612', '9780201633610'],
      ['080442957X', '9780804429573'],
      ['080442957x', '9780804429573'],
    ),
    leaves: [isbn('0134685998'), isbn('013468599'), isbn('9780134685991'), isbn('X134685997'), isbn(134685997)],
  },
  'quantity-with-unit': {
    repairs: each(quantity, ['12 EACH', 12], ['3 pcs.', 3], ['1 Stück', 1], ['5copies', 5], [' 2 EA ', 2]),
    leaves: [
      quantity('twelve'),
      quantity('2 dozen'),
      quantity('1 box'),
      quantity('1.5 EACH'),
      quantity('-1 EACH'),
      quantity('0 EACH'),
      quantity('EACH'),
      quantity('12'),
      quantity(12),
      quantity('10 kg'),
    ],
  },
  'quantity-decimal-comma': {
    repairs: each(quantity, ['12,0', 12], ['3,00', 3], [' 1,0 ', 1]),
    leaves: [
      quantity('1,5'),
      quantity('1,000'),
      quantity('0,0'),
      quantity('12,'),
      quantity(',0'),
      quantity('12.0'),
      quantity(12),
    ],
  },
  'quantity-as-text': {
    repairs: each(quantity, ['12', 12], ['1', 1], [' 7 ', 7]),
    leaves: [
      quantity(12),
      quantity(''),
      quantity('012'),
      quantity('0'),
      quantity('-1'),
      quantity('1e3'),
      quantity('0x10'),
      quantity('1.0'),
      quantity('twelve'),
      quantity(null),
      quantity('123456'),
    ],
  },
  'country-name': {
    repairs: each(
      country,
      ['Germany', 'DE'],
      ['ÖSTERREICH', 'AT'],
      [' the Netherlands ', 'NL'],
      ['Me\u0301xico', 'MX'],
    ),
    leaves: [
      country('DE'),
      country('Georgia'),
      country('Korea'),
      country('Germania'),
      country(''),
      country('America'),
      country(49),
      placed({ shipTo: { ...shipTo, city: 'Germany' } }),
    ],
  },
  'country-code-case': {
    repairs: each(country, ['de', 'DE'], ['Us', 'US'], ['gB', 'GB']),
    leaves: [
      country('DE'),
      country('xx'),
      country('d'),
      country('deu'),
      country('UK'),
      placed({ shipTo: { ...shipTo, city: 'de' } }),
    ],
  },
  'currency-symbol': {
    repairs: each(currency, ['€', 'EUR'], ['£', 'GBP'], ['Euro', 'EUR'], ['US$', 'USD']),
    leaves: [currency('$'), currency('EUR'), currency('¥'), currency(''), currency('CHF')],
  },
  'currency-case': {
    repairs: each(currency, ['eur', 'EUR'], ['Usd', 'USD'], ['gbp', 'GBP']),
    leaves: [currency('EUR'), currency('chf'), currency('eu'), currency(['eur'])],
  },
  'email-in-capitals': {
    repairs: each(
      email,
      ['Anna@Example.com', 'anna@example.com'],
      ['ANNA@EXAMPLE.COM', 'anna@example.com'],
      ['a.B+c@d.example', 'a.b+c@d.example'],
    ),
    leaves: [
      email('anna@example.com'),
      email('ANNA'),
      email('İ@example.com'),
      email('Anna Lind@example.com'),
      registered({ name: 'A@B' }),
    ],
  },
  'older-dataschema': {
    repairs: [
      [under({ 'ce-dataschema': dataschemaOf(kind, 0) }), under({ 'ce-dataschema': dataschemaOf(kind) })],
      ...(['customer-registered', 'address-changed'] as const).map((name) => {
        const of = { kind: name };
        const content =
          name === 'address-changed'
            ? { customerId: 'c-9', address: shipTo }
            : { customerId: 'c-9', name: 'A', email: 'a@b.example' };
        const version = (n: number) =>
          json(content, { ...of, headers: { ...headers, 'ce-dataschema': dataschemaOf(name, n) } });
        return [version(0), version(1)] as const;
      }),
    ],
    leaves: [
      under({}),
      under({ 'ce-dataschema': dataschemaOf(kind) }),
      under({ 'ce-dataschema': dataschemaOf(kind, 2) }),
      under({ 'ce-dataschema': dataschemaOf('return-requested', 0) }),
      json({ customer: 'c-1' }, { headers: { ...headers, 'ce-dataschema': dataschemaOf(kind, 0) } }),
    ],
  },
};

function without<Of extends object, Name extends keyof Of>(of: Of, name: Name): Omit<Of, Name> {
  const { [name]: _, ...rest } = of;
  return rest;
}
