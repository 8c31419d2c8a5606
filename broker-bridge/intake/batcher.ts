/** Processes items in batches: while one batch is under way, the next one gathers. */
export type Batcher<Item> = (item: Item) => Promise<void>;

/** A call resolves or rejects with the batch that holds its item. */
export function createBatcher<Item>(flush: (items: readonly Item[]) => Promise<void>): Batcher<Item> {
  let gathered: Item[] = [];
  let next: Promise<void> | undefined;
  let current: Promise<void> = Promise.resolve();
  const flushAll = async (): Promise<void> => {
    await current.catch(() => undefined); // the callers of that batch are told
    const items = gathered;
    gathered = [];
    next = undefined;
    current = flush(items);
    await current;
  };
  return (item) => {
    gathered.push(item);
    return (next ??= flushAll());
  };
}
