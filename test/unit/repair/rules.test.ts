import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyRules, nameOfRule, repairRules } from '../../../activities/repair/rules/apply-rules.ts';
import { readMessage, type RepairableMessage } from '../../../activities/repair/rules/rule.ts';
import { dataschemaOf } from '../../../contracts/cloud-events.ts';
import { currencies } from '../../../contracts/money.ts';
import { anOrder } from '../../support/shop.ts';
import { ruleExamples } from './rule-examples.ts';
import { shippingZones } from '../../../contracts/address.ts';

const said = ({ headers, bytes }: RepairableMessage) => ({ headers, text: Buffer.from(bytes).toString() });

const headers = (type: string) => ({
  'ce-id': 'evt-1',
  'ce-source': 'web-shop',
  'ce-type': type,
  'ce-specversion': '1.0',
});

const valid = (kind: string, body: unknown): RepairableMessage =>
  readMessage({
    of: 'customer-event',
    kind,
    caseId: 'case-1',
    headers: headers(kind),
    bytes: Buffer.from(JSON.stringify(body)),
  });

describe('every repair rule', () => {
  test('is shown on three broken messages at least, and on look-alikes', () => {
    expect(Object.keys(ruleExamples)).toEqual(repairRules.map(({ name }) => name));
    const thin = Object.entries(ruleExamples).filter(([, of]) => of.repairs.length < 3 || of.leaves.length < 3);
    expect(thin.map(([name]) => name)).toEqual([]);
  });

  test('has a name of its own, in kebab-case', () => {
    const names = repairRules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  test('stands in the table of docs/repair.md, in the order it is tried', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/repair.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z0-9-]+@\d+)` +\| (.+?) +\|$/gm)].map(([, name, sentence]) => [
      name,
      sentence,
    ]);
    expect(rows).toEqual(repairRules.map((rule) => [nameOfRule(rule), rule.sentence]));
  });
});

describe.each(repairRules)('the rule $name', (rule) => {
  const { repairs, leaves } = ruleExamples[rule.name] ?? { repairs: [], leaves: [] };

  test.each(repairs.map((pair) => ({ broken: said(pair[0]), pair })))(
    'repairs $broken.text',
    ({ pair: [broken, whole] }) => {
      const repaired = rule.repair(broken);
      expect(repaired && said(repaired)).toEqual(said(whole));
      expect(rule.repair(whole)).toBeUndefined();
    },
  );

  test.each(leaves.map((message) => ({ alike: said(message), message })))('leaves $alike.text alone', ({ message }) => {
    expect(rule.repair(message)).toBeUndefined();
  });
});

describe('all rules together', () => {
  test('leave every message of the documents alone', () => {
    const folder = join(import.meta.dirname, '../../../docs/examples');
    const examples = readdirSync(folder).filter((name) => name.endsWith('.json'));
    for (const name of examples) {
      const { type, data } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { type: string; data: unknown };
      expect([name, applyRules(valid(type, data)).applied]).toEqual([name, []]);
    }
  });

  test('leave every valid order alone, whatever stands in it', () => {
    const texts = [
      '12 EACH',
      '978-0-13-468599-1',
      'Germany',
      'eur',
      'A@B.example',
      ' ,} ',
      '\uFEFF',
      '__proto__',
      '{"a":1}',
    ];
    for (const country of Object.keys(shippingZones) as (keyof typeof shippingZones)[]) {
      for (const [n, text] of texts.entries()) {
        const order = anOrder({
          shipTo: { name: text, street: text, city: text, postcode: '12345', country },
          currency: currencies[n % currencies.length] ?? 'EUR',
          lines: [{ isbn: '9780134685991', quantity: 1 + n * 1111 }],
        });
        expect(applyRules(valid('place-order', order)).applied).toEqual([]);
      }
    }
  });

  test('repair what several of them are needed for, in their order', () => {
    const broken = {
      request: ' req-00000001',
      customer: 'c-1',
      items: [{ ISBN: '0-13-468599-7', qty: '12 EACH' }],
      token: 'card_ok',
      address: { name: 'Anna', street: '1', town: 'Hamburg', zip: '20457', countryCode: 'deutschland' },
      currency: '€',
    };
    const bytes = Buffer.from(`\uFEFF${JSON.stringify(broken)}`, 'utf16le');
    const ofVersion0 = { ...headers('place-order'), 'ce-dataschema': dataschemaOf('place-order', 0) };
    const { message, applied } = applyRules(readMessage({ ...valid('place-order', {}), headers: ofVersion0, bytes }));
    expect(JSON.parse(Buffer.from(message.bytes).toString())).toEqual({
      requestId: 'req-00000001',
      customerId: 'c-1',
      lines: [{ isbn: '9780134685991', quantity: 12 }],
      card: 'card_ok',
      shipTo: { name: 'Anna', street: '1', city: 'Hamburg', postcode: '20457', country: 'DE' },
      currency: 'EUR',
    });
    expect(applied).toEqual(
      [
        'utf-16',
        'renamed-fields',
        'trimmed-tokens',
        'isbn-separators',
        'isbn-10',
        'quantity-with-unit',
        'country-name',
        'currency-symbol',
        'older-dataschema',
      ].map((name) => `${name}@1`),
    );
    expect(applyRules(message).applied).toEqual([]);
  });

  test.each([
    ['a prototype', '{"__proto__":{"quantity":"12 EACH"},"lines":[{"quantity":"12 EACH"}]}'],
    ['a constructor', '{"constructor":{"prototype":{}},"lines":[{"quantity":"12 EACH"}]}'],
    ['a number past 2^53', '{"customerId":9007199254740993,"lines":[{"quantity":"12 EACH"}]}'],
    ['10,000 levels', `{"lines":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['no UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d])],
    ['nothing', ''],
  ])('leave a message with %s to a person', (_, body) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    expect(applyRules(readMessage({ ...valid('place-order', {}), bytes })).applied).toEqual([]);
    expect(({} as { quantity?: unknown }).quantity).toBeUndefined();
  });
});
