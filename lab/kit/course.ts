import type { Series } from './report.ts';

type Counts = Readonly<Partial<Record<string, number>>>;

const keepEverySeconds = 1;
const tellEverySeconds = 10;

/** What is counted in the course of a run: kept once a second for a chart, and told now and then. */
export class Course {
  readonly #tell: (counts: Counts) => void;
  readonly #begun = performance.now();
  readonly #kept: { readonly second: number; readonly counts: Counts }[] = [];
  #toldAt = 0;

  constructor(tell: (counts: Counts) => void) {
    this.#tell = tell;
  }

  /** Seconds since the beginning. */
  get seconds(): number {
    return (performance.now() - this.#begun) / 1_000;
  }

  /** To be called as often as something was counted. The newest count is always kept, until one follows too soon. */
  note(counts: Counts): void {
    const second = this.seconds;
    const [before, last] = this.#kept.slice(-2);
    if (before && last && last.second - before.second < keepEverySeconds) this.#kept.pop();
    this.#kept.push({ second, counts });
    if (second - this.#toldAt < tellEverySeconds) return;
    this.#tell(counts);
    this.#toldAt = second;
  }

  /** The line of one count; what was not counted was none. */
  seriesOf(count: string, name = count): Series {
    return { name, points: this.#kept.map(({ second, counts }) => ({ x: second, y: counts[count] ?? 0 })) };
  }
}
