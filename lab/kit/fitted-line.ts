/** A straight line through points by least squares. */
export interface FittedLine {
  /** By one of x. */
  readonly slope: number;
  readonly intercept: number;
  /**
   * Half of the interval that holds the true slope in 95 of 100 such measurements; NaN with fewer than three points.
   */
  readonly slopeWithin: number;
}

export interface XY {
  readonly x: number;
  readonly y: number;
}

/** The interval of the slope is Student's, with two degrees of freedom less than there are points. */
export function fittedLine(points: readonly XY[]): FittedLine {
  const count = points.length;
  const meanX = sum(points.map(({ x }) => x)) / count;
  const meanY = sum(points.map(({ y }) => y)) / count;
  const spreadX = sum(points.map(({ x }) => (x - meanX) ** 2));
  const slope = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spreadX;
  const intercept = meanY - slope * meanX;
  const errors = sum(points.map(({ x, y }) => (y - intercept - slope * x) ** 2));
  const standardError = Math.sqrt(errors / (count - 2) / spreadX);
  return { slope, intercept, slopeWithin: studentT(count - 2) * standardError };
}

/** True when a slope of zero is as good an explanation of the points. */
export const isFlat = ({ slope, slopeWithin }: FittedLine): boolean => Math.abs(slope) <= slopeWithin;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The two-sided 95 % quantile by degrees of freedom, to 1 % or better. */
function studentT(degrees: number): number {
  if (degrees < 1) return Number.NaN;
  return small[degrees - 1] ?? 1.96 + 2.4 / degrees;
}

const small = [12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
