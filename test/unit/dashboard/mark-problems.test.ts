import { describe, expect, it } from 'vitest';
import { placed } from '../../../dashboard/page/repair/problems.ts';
import { textOf } from '../../../dashboard/server/cases/message-text.ts';
import { placesIn } from '../../../dashboard/page/repair/json-text.ts';

const text = `{
  "lines": [
    { "isbn": "1", "quantity": "12 EACH" },
    { "isbn": "2\\" ]", "quantity": 1 }
  ],
  "ship to": { "city": null }
}`;

const shown = (field: string, of = text) => {
  const at = placed([{ field, message: 'm' }], of)[0]?.place;
  return at ? { text: of.slice(at.start, at.end), line: at.line, column: at.column } : null;
};

describe('a problem', () => {
  it('is marked at the value it is about', () => {
    expect(shown('lines[0].quantity')).toEqual({ text: '"12 EACH"', line: 3, column: 32 });
    expect(shown('lines[1].isbn')).toEqual({ text: '"2\\" ]"', line: 4, column: 15 });
    expect(shown('"ship to".city')).toEqual({ text: 'null', line: 6, column: 24 });
  });

  it('about a field that is missing is marked at what it should stand in', () => {
    expect(shown('lines[1].title')?.text).toBe(`{ "isbn": "2\\" ]", "quantity": 1 }`);
    expect(shown('lines[7].isbn')?.text).toMatch(/^\[/);
    expect(shown('card')).toMatchObject({ text, line: 1, column: 1 });
    expect(shown('the event')).toMatchObject({ text });
  });

  it('about a header is marked nowhere', () => {
    expect(shown('ce-type')).toBeNull();
  });

  it('of a text that is no JSON is marked where it stops being that', () => {
    expect(shown('the message', '{"a": 1,\n "b": 12 EACH}')).toEqual({ text: 'E', line: 2, column: 10 });
    expect(shown('the message', '{"a":')).toMatchObject({ text: '', line: 1, column: 6 });
  });

  it('is marked in no time in whatever somebody sent', () => {
    const began = performance.now();
    for (const strange of [
      '['.repeat(65_000),
      '{"a":'.repeat(13_000),
      `"${'\\u0041'.repeat(10_000)}`,
      '"'.repeat(65_000),
      ' '.repeat(65_000),
      `[${'},['.repeat(20_000)}`,
      `/* " */${'['.repeat(30_000)}`,
    ]) {
      placesIn(strange);
      shown('a.b.c[0]'.repeat(20), strange);
    }
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('with a name that means something to JavaScript is a name like any other', () => {
    expect(shown('__proto__.x', '{"__proto__": {"x": 1}}')?.text).toBe('1');
    expect(shown('constructor', '{}')?.text).toBe('{}');
  });
});

describe('a message as text', () => {
  it('is cut at 64 KiB and says so', () => {
    expect(textOf(new Uint8Array(70_000).fill(0x61))).toMatchObject({ bytes: 70_000, isCut: true, isUtf8: true });
    expect(textOf(new Uint8Array(70_000).fill(0x61)).text).toHaveLength(65_536);
  });

  it('shows a byte-order mark and what is no UTF-8', () => {
    expect(textOf(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b]))).toMatchObject({ text: '\ufeff{', isUtf8: true });
    expect(textOf(new Uint8Array([0xff]))).toMatchObject({ text: '\ufffd', isUtf8: false });
  });
});
