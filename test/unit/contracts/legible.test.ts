import { describe, expect, test } from 'vitest';
import { isVisible, legible, legibleJson, legibleLine } from '../../../contracts/reading/legible.ts';

const [override, zeroWidth, joiner, filler] = ['\u202E', '\u200B', '\u2060', '\u3164'];

describe('text that people read', () => {
  test.each([
    ['an override of direction', `Ada${override}elpmaxE`, 'AdaelpmaxE'],
    ['isolates', '\u2066Ada\u2069', 'Ada'],
    ['zero-width spaces', `A${zeroWidth}d${joiner}a`, 'Ada'],
    ['soft hyphens and a byte order mark', '\uFEFFA\u00ADda', 'Ada'],
    ['a note without a head, and marks of a score or of shorthand', 'A\u{1D159}d\u{1D173}a\u{1BCA0}', 'Ada'],
    ['tags', 'Ada\u{E0041}\u{E0042}', 'Ada'],
  ])('is without %s', (_, text, shown) => expect(legible(text)).toBe(shown));

  test.each([
    '👩‍👧‍👦',
    '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    '❤️',
    'محمد علي',
    'דוד בן־גוריון',
    '山田 太郎',
    'می‌خواهم',
    'José',
    'क्षितिज',
  ])('%s stays as it is', (text) => expect(legible(text)).toBe(text));

  test('stands on one line', () => expect(legibleLine('Ada\r\n\u2028Example\u0007')).toBe('Ada Example'));

  test('in JSON is escaped, so that the value stays', () => {
    const name = `Ada${override}\u{E0041}`;
    const json = legibleJson(JSON.stringify({ name }));
    expect(json).toBe(String.raw`{"name":"Ada\u202e\udb40\udc41"}`);
    expect(JSON.parse(json)).toEqual({ name });
  });
});

test.each([zeroWidth, joiner, filler, '\u00AD', ' ', '\u2800', '\u{1D159}', '\u00AD \u3164', '\u0301', ''])(
  '%j cannot be seen',
  (text) => expect(isVisible(text)).toBe(false),
);

test.each(['A', '7', '-', '山', '❤️', 'ש', '€'])('%j can be seen', (text) => expect(isVisible(text)).toBe(true));
