import { describe, expect, test } from 'vitest';
import { layOutToSend } from '../../../../dashboard/page/repair/editing.ts';
import { lineDiff } from '../../../../dashboard/page/repair/diff-view.ts';
import { layOut, placesIn } from '../../../../dashboard/page/repair/json-text.ts';

const withoutBlanks = (text: string): string => text.replace(/\s/g, '');

const shown = (before: string, after: string): string[] =>
  lineDiff(before, after).map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`);

describe('laying out', () => {
  test('puts one member to a line', () => {
    expect(layOut('{"a":[1,{"b":"x, y: {"}],"c":{},"d":[]}')).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": "x, y: {"\n    }\n  ],\n  "c": {},\n  "d": []\n}',
    );
  });

  test('keeps every character but blanks: big numbers, doubled fields, text that is no JSON', () => {
    const texts = [
      '{"n":12345678901234567890,"n":1.0}',
      '{"a": [1, 2',
      'not json at all',
      '"open',
      '}}{',
      '',
      '\u0000\uFFFD',
    ];
    for (const text of texts) expect(withoutBlanks(layOut(text))).toBe(withoutBlanks(text));
  });

  test('keeps what only looks like a blank: JSON does not know it', () => {
    const texts = ['\uFEFF{"a":1}', '{\u00A0"a":1}', '{"a":1}\u3000', '{"a":\u00A01}'];
    for (const text of texts) expect(layOut(text).replace(/[ \n]/g, '')).toBe(text);
  });

  test('is left out where it would make the message too large to be sent', () => {
    const loose = `[${'[1],'.repeat(9_000)}[1]]`;
    expect([loose.length < 64 * 1024, layOut(loose).length > 64 * 1024]).toEqual([true, true]);
    expect(layOutToSend(loose)).toBe(loose);
    expect(layOutToSend('[1]')).toBe('[\n  1\n]');
  });

  test('gives the same again', () => {
    const once = layOut('{"a":[1,2,{"b":null}]}');
    expect(layOut(once)).toBe(once);
  });

  test('ten thousand brackets are laid out', () => {
    expect(layOut('['.repeat(10_000)).length).toBeLessThan(1_000_000);
  });
});

describe('places of fields', () => {
  const text =
    '{\n  "lines": [\n    { "isbn": "1", "quantity": "two" },\n    { "a.b": 3 }\n  ],\n  "shipTo": { "city": null }\n}';
  const at = (path: string) => placesIn(text).of(path);

  test('by the path that problems name', () => {
    const start = text.indexOf('"two"');
    expect(at('lines[0].quantity')).toEqual({ line: 3, column: 32, start, end: start + 5 });
    expect(at('shipTo.city')?.line).toBe(6);
  });

  test('a field that is missing is looked for in what it belongs to', () => {
    expect(at('shipTo.street')?.line).toBe(6);
    expect(at('lines[7].isbn')?.line).toBe(2);
    expect(at('card')?.line).toBe(1);
  });

  test('by a name that needs quotes, whatever stands in it', () => {
    for (const name of ['a]', '[', 'a.b', 'a-b', 'x"]y', '\\', 'ce-id', '']) {
      const odd = `{\n${JSON.stringify(name)}: 1}`;
      expect([name, placesIn(odd).of(JSON.stringify(name))?.line]).toEqual([name, 2]);
      expect(placesIn('{}').of(JSON.stringify(name))?.line).toBe(1);
      expect(placesIn(odd).of(`${JSON.stringify(name)}[3].y`)?.line).toBe(2);
    }
    expect(at('lines[1]."a.b"')?.start).toBe(text.indexOf('3'));
  });

  test('a header and what is no path stand at no field', () => {
    expect(at('ce-key')).toBeNull();
    expect(at('the message')?.line).toBe(1);
  });

  test('of a text that breaks off, what comes before', () => {
    const places = placesIn('{"a": {"b": [1, 2');
    expect(places.of('a.b[1]')?.start).toBe(16);
    expect(placesIn('').of('a')).toBeNull();
  });
});

describe('comparing lines', () => {
  test('what is common stays', () => {
    expect(shown('a\nb\nc\nd', 'a\nx\nc\nd\ne')).toEqual([' a', '-b', '+x', ' c', ' d', '+e']);
    expect(shown('a', 'a')).toEqual([' a']);
    expect(shown('a\na', 'a')).toEqual([' a', '-a']);
  });

  test('both texts can be read from it', () => {
    const [before, after] = ['1\n2\n3\n4\n5\n2\n3', '2\n3\n1\n4\n4\n3'];
    const of = (left: string) =>
      lineDiff(before, after)
        .filter(({ kind }) => kind !== left)
        .map(({ text }) => text)
        .join('\n');
    expect([of('new'), of('gone')]).toEqual([before, after]);
  });

  test('too much to compare is one block gone and one new', () => {
    const [before, after] = [Array(3000).fill('a').join('\n'), Array(3000).fill('b').join('\n')];
    expect(lineDiff(before, after)).toHaveLength(6000);
  });
});
