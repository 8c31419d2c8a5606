/** Ends one thing that a test or the rig has started. */
export type Ending = () => Promise<unknown>;

/** Runs all endings one after another, whichever fail, and then fails with every message. Each runs once. */
export async function endAll(endings: Ending[]): Promise<void> {
  const errors: unknown[] = [];
  for (const end of endings.splice(0)) {
    try {
      await end();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('\n'));
}
