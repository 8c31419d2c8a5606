/**
 * Lets writes be made one at a time, in the order of asking. The answers of several local activities under way at once may come in another order when the
 * workflow is replayed.
 */
export function oneAtATime(): <Answer>(write: () => Promise<Answer>) => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve();
  return (write) => {
    const turn = last.then(write, write);
    last = turn;
    return turn;
  };
}
