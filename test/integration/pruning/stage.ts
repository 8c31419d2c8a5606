import { createPruning } from '../../../activities/pruning/processor.ts';
import { loadConfig } from '../../../config/config.ts';
import type { PrunedKind } from '../../../contracts/mediators/pruning.ts';
import type { SqlRunner } from '../../../prisma/statement.ts';

const nothing = (): void => undefined;

/** Prunes a kind to its end at the shop's own ages, without Temporal. Resolves with the rows of each call. */
export async function pruneAll(database: SqlRunner, kind: PrunedKind, batch?: number): Promise<readonly number[]> {
  const context = {
    attempt: 1,
    log: { info: nothing, warn: nothing },
    cancellation: new AbortController().signal,
    heartbeat: nothing,
  };
  const { ages } = loadConfig({}).pruning;
  const pruning = createPruning({ database, ages, ...(batch ? { batch } : {}) }, () => context);
  const calls: number[] = [];
  for (let isMore = true; isMore;) {
    const pruned = await pruning.prune(kind);
    calls.push(pruned.rows);
    isMore = pruned.isMore;
  }
  return calls;
}

/** An instant as SQL. */
export const daysAgo = (days: number): string => `now() - interval '${days} days'`;
