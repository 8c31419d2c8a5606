import { describe, expect, it } from 'vitest';
import { median, quantile } from '../../../lab/kit/spread.ts';

describe('the median', () => {
  it('is the value in the middle', () => expect(median([9, 1, 4])).toBe(4));

  it('of an even number lies between the two in the middle', () => {
    expect(median([2, 1])).toBe(1.5);
    expect(median([10, 2, 4, 1])).toBe(3);
  });

  it('of nothing is not a number', () => expect(median([])).toBeNaN());
});

it('a quantile is one of the values', () => {
  expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
  expect(quantile([4, 3, 2, 1], 0.5)).toBe(3);
});
