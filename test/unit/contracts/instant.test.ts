import { expect, test } from 'vitest';
import { instantMeant, isInstant } from '../../../contracts/reading/instant.ts';

test.each([
  '2026-11-23T10:00:00Z',
  '2026-11-23t10:00:00z',
  '2026-06-30T23:59:60Z',
  '2026-11-23T10:00:00.1234567890Z',
  '2026-11-23T10:00:00+05:45',
  '2028-02-29T10:00:00+15:59',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:58.999999999Z',
])('%s is an instant of RFC 3339', (text) => expect(isInstant(text)).toBe(true));

test.each([
  '2026-11-23T10:00:00',
  '2026-11-23T10:00Z',
  '2026-11-23 10:00:00Z',
  '2026-13-01T10:00:00Z',
  '2026-11-23T24:60:00Z',
  '2026-11-23T10:00:61Z',
  '1763892000000',
  // No day of the calendar, or none that PostgreSQL can keep.
  '2026-02-30T10:00:00Z',
  '2026-02-29T10:00:00Z',
  '2026-04-31T10:00:00Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+01:00',
  '9999-12-31T23:59:60Z',
  '9999-12-31T23:59:00-01:00',
  '2026-11-23T24:00:00Z',
  '2026-11-23T10:00:00+16:00',
  '2026-11-23T10:00:00-23:59',
  '',
])('%j is none', (text) => expect(isInstant(text)).toBe(false));

test('no other instant is made of what is none', () => expect(instantMeant('2026-02-30 10:00:00Z')).toBeUndefined());
