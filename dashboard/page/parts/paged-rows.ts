/** One page of a list, and where the next one begins; null at the end. */
export interface RowPage<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** Reads a page of so many rows that begins there; null: at the top. */
export type ReadPage<Row> = (cursor: string | null, limit: number) => Promise<RowPage<Row>>;

/** What one read may bring. */
const mostAtOnce = 200;

/**
 * A list that is read page by page, and again whenever something changed: as many rows as somebody has asked to see. One read at a time, so that rows
 * come neither twice nor never; what was asked of another list before is not shown.
 */
export class PagedRows<Row> {
  readonly #pageSize: number;
  #read: ReadPage<Row>;
  #rows: readonly Row[] | null = null;
  #next: string | null = null;
  #list = 0;
  #work: Promise<void> = Promise.resolve();
  #isRenewalDue = false;

  constructor(read: ReadPage<Row>, pageSize: number) {
    this.#read = read;
    this.#pageSize = pageSize;
  }

  /** Null before the first read. */
  get rows(): readonly Row[] | null {
    return this.#rows;
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** From now on another list. */
  change(read: ReadPage<Row>): void {
    this.#read = read;
    this.#list += 1;
    this.#work = Promise.resolve();
    [this.#rows, this.#next, this.#isRenewalDue] = [null, null, false];
  }

  /** Reads as many rows again as there are; whoever asks while that waits its turn is answered by the same read. */
  renew(): Promise<void> {
    if (this.#isRenewalDue) return this.#work;
    this.#isRenewalDue = true;
    return this.#inTurn(() => {
      this.#isRenewalDue = false;
      return this.#pagesFrom(null, Math.max(this.#pageSize, this.#rows?.length ?? 0));
    });
  }

  /** Reads the next rows. */
  readOn(): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#rows ?? [];
      if (this.#next === null && this.#rows !== null) return { rows: before, next: null };
      const { rows, next } = await this.#pagesFrom(this.#next, this.#pageSize);
      return { rows: [...before, ...rows], next };
    });
  }

  /** Work on a list that is not shown any more is left out, and so is its answer and its failure. */
  #inTurn(work: () => Promise<RowPage<Row>>): Promise<void> {
    const list = this.#list;
    const told = this.#work.then(async () => {
      if (list !== this.#list) return;
      try {
        const page = await work();
        if (list === this.#list) [this.#rows, this.#next] = [page.rows, page.next];
      } catch (error) {
        if (list === this.#list) throw error;
      }
    });
    // Whoever asked is told of a failure; the next one goes on.
    this.#work = told.catch(() => undefined);
    return told;
  }

  async #pagesFrom(from: string | null, count: number): Promise<RowPage<Row>> {
    const read = this.#read;
    const rows: Row[] = [];
    let next = from;
    do {
      const page = await read(next, Math.min(mostAtOnce, count - rows.length));
      rows.push(...page.rows);
      next = page.next;
    } while (next !== null && rows.length < count);
    return { rows, next };
  }
}
