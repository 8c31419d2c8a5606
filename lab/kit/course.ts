import type { Series } from './report.ts';

type Counts = Readonly<Partial<Record<string, number>>>;

const keepEveryMs = 1_000;
const tellEveryMs = 10_000;

/** What is counted in the course of a run: kept once a second for a chart, and told now and then. */
export class Course {
  readonly #tell: (counts: Counts) => void;
  readonly #begun = performance.now();
  readonly #kept: { readonly second: number; readonly counts: Counts }[] = [];
  #last: { readonly second: number; readonly counts: Counts } | undefined;
  #keptAt = Number.NEGATIVE_INFINITY;
  #toldAt = this.#begun;

  constructor(tell: (counts: Counts) => void) {
    this.#tell = tell;
  }

  /** Seconds since the beginning. */
  get seconds(): number {
    return (performance.now() - this.#begun) / 1_000;
  }

  /** To be called as often as something was counted. */
  note(counts: Counts): void {
    const now = performance.now();
    this.#last = { second: this.seconds, counts };
    if (now - this.#keptAt >= keepEveryMs) {
      this.#kept.push(this.#last);
      this.#keptAt = now;
    }
    if (now - this.#toldAt >= tellEveryMs) {
      this.#tell(counts);
      this.#toldAt = now;
    }
  }

  /** The line of one count, to the last of all; what was not counted was none. */
  seriesOf(count: string, name = count): Series {
    const all = [...new Set([...this.#kept, ...(this.#last ? [this.#last] : [])])];
    return { name, points: all.map(({ second, counts }) => ({ x: second, y: counts[count] ?? 0 })) };
  }
}
