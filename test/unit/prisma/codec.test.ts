import { describe, expect, it } from 'vitest';
import {
  arrayOf,
  bigintNumber,
  bigintText,
  bool,
  bytea,
  decoderOf,
  double,
  instant,
  int,
  jsonb,
  nullable,
  oneOf,
  oneOfInts,
  text,
  timestamp,
  uuid,
  type Column,
} from '../../../prisma/codec.ts';

const at = new Date('2026-01-02T03:04:05.678Z');

function check(value: unknown): 'ok' {
  if (value !== 'ok') throw new TypeError('is not ok');
  return value;
}

describe('a column', () => {
  it.each<[string, Column<unknown>, unknown, unknown]>([
    ['text', text, 'x', 'x'],
    ['uuid', uuid, 'a-b', 'a-b'],
    ['bool', bool, false, false],
    ['int', int, 0, 0],
    ['double', double, 0.5, 0.5],
    ['bytea', bytea, Buffer.from('x'), Buffer.from('x')],
    ['timestamp', timestamp, at, at],
    ['instant', instant, at, '2026-01-02T03:04:05.678Z'],
    ['bigint as text', bigintText, '9007199254740993', '9007199254740993'],
    ['bigint as number', bigintNumber, '9007199254740991', 9007199254740991],
    ['one of a list', oneOf('open', 'held'), 'held', 'held'],
    ['one of some numbers', oneOfInts(1, 2), 2, 2],
    ['jsonb', jsonb(), { a: [1] }, { a: [1] }],
    ['an array', arrayOf(nullable(int)), [1, null], [1, null]],
    ['null where it may be', nullable(text), null, null],
  ])('decodes %s', (_, column, given, expected) => {
    expect(decoderOf({ column })({ column: given })).toEqual({ column: expected });
  });

  it.each<[string, Column<unknown>, unknown, string]>([
    ['null that is not declared', text, null, 'is null, not text'],
    ['null of jsonb', jsonb(), null, 'is null, not jsonb'],
    ['null in an array', arrayOf(int), [null], 'is null, not integer'],
    ['another type', int, '1', 'is string, not integer'],
    ['a word that is not listed', oneOf('open', 'held'), 'closed', 'is closed, none of open, held'],
    ['more than JavaScript counts', bigintNumber, '9007199254740993', 'is 9007199254740993, which JavaScript'],
    ['a column that did not come', text, undefined, 'is undefined, not text'],
  ])('does not take %s', (_, column, given, message) => {
    expect(() => decoderOf({ column })({ column: given })).toThrow(`Column "column" ${message}`);
  });

  it('has its JSON checked where it says so', () => {
    expect(decoderOf({ said: jsonb(check) })({ said: 'ok' })).toEqual({ said: 'ok' });
    expect(() => decoderOf({ said: jsonb(check) })({ said: 'no' })).toThrow('Column "said" is not ok.');
  });

  it('is declared, or the row is not taken', () => {
    expect(() => decoderOf({ a: int })({ a: 1, b: 2 })).toThrow('Column "b" is not declared.');
  });
});
