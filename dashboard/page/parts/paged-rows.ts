/** One page of a list, and where the next one begins; null at the end. */
export interface RowPage<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** Reads a page of at most `limit` rows from the cursor on; null is the top. */
export type ReadPage<Row> = (cursor: string | null, limit: number) => Promise<RowPage<Row>>;

/** The most rows of one read. */
const mostAtOnce = 200;

/**
 * A list that is read page by page, and again whenever something changed, as many rows as are shown. Reads follow one
 * another, so that no row comes twice or is left out; an answer about another list, which was shown before, is
 * dropped.
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

  /** Changes to another list. */
  change(read: ReadPage<Row>): void {
    this.#read = read;
    this.#list += 1;
    this.#work = Promise.resolve();
    [this.#rows, this.#next, this.#isRenewalDue] = [null, null, false];
  }

  /** Reads the shown rows again; calls while that waits for its turn share one read. */
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

  /** Runs the reads one after the other; reads of a list that is not shown any more are dropped with their failures. */
  #inTurn(work: () => Promise<RowPage<Row>>): Promise<void> {
    const list = this.#list;
    const done = this.#work.then(async () => {
      if (list !== this.#list) return;
      try {
        const page = await work();
        if (list === this.#list) [this.#rows, this.#next] = [page.rows, page.next];
      } catch (error) {
        if (list === this.#list) throw error;
      }
    });
    // The caller gets the failure; the next read runs all the same.
    this.#work = done.catch(() => undefined);
    return done;
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
