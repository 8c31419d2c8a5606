import { expect, test } from 'vitest';
import { isInstant } from '../../../contracts/reading/instant.ts';

test.each([
  '2026-11-23T10:00:00Z',
  '2026-11-23t10:00:00z',
  '2026-06-30T23:59:60Z',
  '2026-11-23T10:00:00.1234567890Z',
  '2026-11-23T10:00:00+05:45',
])('%s is an instant of RFC 3339', (text) => expect(isInstant(text)).toBe(true));

test.each([
  '2026-11-23T10:00:00',
  '2026-11-23T10:00Z',
  '2026-11-23 10:00:00Z',
  '2026-13-01T10:00:00Z',
  '2026-11-23T24:60:00Z',
  '2026-11-23T10:00:61Z',
  '1763892000000',
  '',
])('%j is none', (text) => expect(isInstant(text)).toBe(false));
