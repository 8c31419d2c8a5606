import type { Pool } from 'pg';

/** The channel the relay listens on. */
export const outboxChannel = 'outbox';

/**
 * Tells the relay that there are facts to publish. `wake` is called after the commit, never inside a transaction
 * (NOTIFY takes a lock of the whole database at commit). Calls are coalesced: at most one is in flight. A lost one
 * costs time only, because the relay also polls. `settled` waits for a NOTIFY in flight.
 */
export function relayWaker(pool: Pool) {
  let current: Promise<void> | undefined;
  let again = false;
  const notify = async (): Promise<void> => {
    do {
      again = false;
      // When this fails the relay's own poll finds the fact, and the next statement on the pool reports the error.
      await pool.query(`NOTIFY ${outboxChannel}`).catch(() => undefined);
    } while (again);
    current = undefined;
  };
  const wake = (): void => {
    if (current) again = true;
    else current = notify();
  };
  return { wake, settled: async () => current };
}
