import { expect, test } from 'vitest';
import { fittedLine, isFlat } from '../../../lab/kit/fitted-line.ts';

test('a straight line is found as it is, with no uncertainty', () => {
  const line = fittedLine([1, 2, 3, 4].map((x) => ({ x, y: 3 + 2 * x })));
  expect(line.slope).toBeCloseTo(2, 10);
  expect(line.intercept).toBeCloseTo(3, 10);
  expect(line.slopeWithin).toBeCloseTo(0, 10);
  expect(isFlat(line)).toBe(false);
});

test('the uncertainty is that of the textbook: slope 0.6, standard error 0.2828, 3 degrees of freedom', () => {
  const points = [2, 4, 5, 4, 5].map((y, at) => ({ x: at + 1, y }));
  const line = fittedLine(points);
  expect(line.slope).toBeCloseTo(0.6, 10);
  expect(line.intercept).toBeCloseTo(2.2, 10);
  expect(line.slopeWithin).toBeCloseTo(3.182 * 0.28284, 3);
  expect(isFlat(line)).toBe(true);
});

test('two points have a slope and no interval, so nothing is said to be flat', () => {
  const line = fittedLine([
    { x: 1, y: 5 },
    { x: 2, y: 5 },
  ]);
  expect(line.slope).toBe(0);
  expect(line.slopeWithin).toBeNaN();
  expect(isFlat(line)).toBe(false);
});
