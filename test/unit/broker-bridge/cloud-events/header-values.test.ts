import { describe, expect, test } from 'vitest';
import { decodeHeaderValue, encodeHeaderValue } from '../../../../broker-bridge/cloud-events/header-values.ts';

describe('the value of a CloudEvents attribute in a header', () => {
  test.each([
    ['Euro € 😀', 'Euro%20%E2%82%AC%20%F0%9F%98%80'],
    ['plain-text_1.0:/~', 'plain-text_1.0:/~'],
    ['"quoted"', '%22quoted%22'],
    ['100%', '100%25'],
    ['a\r\nb\u007f', 'a%0D%0Ab%7F'],
    ['', ''],
  ])('of %j is %j, and is read back', (value, header) => {
    expect(encodeHeaderValue(value)).toBe(header);
    expect(decodeHeaderValue(header)).toBe(value);
  });

  test.each([
    ['lower-case digits', 'caf%c3%a9', 'café'],
    ['more than has to be encoded', '%61%62c', 'abc'],
    ['text that is encoded twice, once', '%2525', '%25'],
    ['quotes of an earlier version', '"a \\"b\\" \\\\ c"', 'a "b" \\ c'],
    ['a per cent sign by itself', '50% off', '50% off'],
    ['a half-written byte', '%4', '%4'],
  ])('is read with %s', (_, header, value) => {
    expect(decodeHeaderValue(header)).toBe(value);
  });

  test.each(['%C0%A0', '%ff', 'a%E2%82b'])('that is no UTF-8, %s, is nothing that an attribute may hold', (header) => {
    expect(decodeHeaderValue(header)).toContain('\uFFFD');
  });
});
