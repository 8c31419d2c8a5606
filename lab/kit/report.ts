/** One measurement of the lab: `npm run lab -- NAME` runs it, writes its JSON and draws its charts. */
export interface Measurement {
  readonly name: string;
  /** One line for the list of measurements. */
  readonly summary: string;
  /** How many runs of each side it makes when nothing is said. */
  readonly runs: number;
  measure(options: MeasureOptions): Promise<Report>;
}

export interface MeasureOptions {
  /** Runs of each side that is compared; they take turns, so that other load of the machine affects all sides. */
  readonly runs: number;
  /** Prints a line of progress. */
  readonly say: (line: string) => void;
}

/** What a measurement found. */
export interface Report {
  /** What it was measured with: counts, limits, settings of servers. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** For programs that read the JSON: these stand at its top level. Times are milliseconds. */
  readonly figures: Readonly<Record<string, unknown>>;
  readonly tables: readonly Table[];
  readonly charts: readonly Chart[];
  /** Plain sentences: what was seen, and what these numbers do not say. */
  readonly notes: readonly string[];
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Bars stand beside each other by `x`; lines go along a number `x`. */
export interface Chart {
  /** The chart is drawn to `docs/benchmarks/<measurement>-<name>.svg`. */
  readonly name: string;
  readonly title: string;
  readonly kind: 'bars' | 'lines';
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: string | number;
  readonly y: number;
  /** The spread of the runs, when there were several. */
  readonly low?: number;
  readonly high?: number;
}
