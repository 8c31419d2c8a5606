/**
 * Waits for all, and fails with the first failure only then: nothing is still under way when a measurement closes what
 * it has opened.
 */
export async function allDone<T>(works: readonly Promise<T>[]): Promise<readonly T[]> {
  const ends = await Promise.allSettled(works);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}
