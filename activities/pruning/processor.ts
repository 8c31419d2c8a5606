import type { Pruned, PrunedKind, PruningActivities } from '../../contracts/mediators/pruning.ts';
import type { SqlRunner } from '../../prisma/statement.ts';
import { temporalActivity, type ActivityContext } from '../kit/activity-context.ts';
import { listenerSchemas, pruneAnswers, pruneCases, pruneFacts, pruneHistories, pruneSeen } from './statements.ts';

/** The days after which each kind is pruned. */
export type PruningAges = Readonly<Record<PrunedKind, number>>;

/** Pruning works on one database, with these ages. */
export interface PruningPorts {
  readonly database: SqlRunner;
  readonly ages: PruningAges;
  /** The most rows of one statement. */
  readonly batch?: number;
}

/** An activity ends after so many full batches, so that what is counted is soon in the workflow's history. */
const mostBatches = 20;

/** Prunes a kind, batch after batch, until one is not full. */
export const createPruning = (
  { database, ages, batch = 1_000 }: PruningPorts,
  current: () => ActivityContext = temporalActivity,
): PruningActivities => ({
  async prune(kind): Promise<Pruned> {
    const context = current();
    let rows = 0;
    for await (const more of batchesOf({ database, days: ages[kind], batch, kind })) {
      rows += more;
      context.heartbeat();
      if (rows >= batch * mostBatches || context.cancellation.aborted)
        return told(context, kind, { rows, isMore: true });
    }
    return told(context, kind, { rows, isMore: false });
  },
});

function told({ log }: ActivityContext, kind: PrunedKind, pruned: Pruned): Pruned {
  if (pruned.rows > 0) log.info('pruned', { kind, ...pruned });
  return pruned;
}

interface Batches {
  readonly database: SqlRunner;
  readonly kind: PrunedKind;
  readonly days: number;
  readonly batch: number;
}

/** The counts of the batches of a kind, to the first that is not full. */
async function* batchesOf({ database, kind, days, batch }: Batches): AsyncGenerator<number> {
  if (kind === 'seen') {
    for (const { schema } of await database.run(listenerSchemas())) {
      yield* untilNotFull(batch, () => database.execute(pruneSeen(schema, days, batch)));
    }
  } else yield* untilNotFull(batch, () => database.execute(single[kind](days, batch)));
}

const single = { facts: pruneFacts, answers: pruneAnswers, cases: pruneCases, histories: pruneHistories };

async function* untilNotFull(batch: number, prune: () => Promise<number>): AsyncGenerator<number> {
  for (;;) {
    const rows = await prune();
    yield rows;
    if (rows < batch) return;
  }
}
