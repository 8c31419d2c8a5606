/** Does many things in one go: while one group is under way the next one gathers. */
export type Gather<Item> = (item: Item) => Promise<void>;

/** Each call resolves, or rejects, with the group that its item was in. */
export function createGather<Item>(flush: (items: readonly Item[]) => Promise<void>): Gather<Item> {
  let gathered: Item[] = [];
  let next: Promise<void> | undefined;
  let current: Promise<void> = Promise.resolve();
  const flushAll = async (): Promise<void> => {
    await current.catch(() => undefined); // whoever was in that group is told
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
