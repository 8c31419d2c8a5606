import { log, proxyActivities, setWorkflowOptions } from '@temporalio/workflow';
import {
  prunedKinds,
  type PrunedKind,
  type PruningActivities,
  type PruningReport,
} from '../../contracts/mediators/pruning.ts';
import { failureOf } from '../kit/call.ts';
import { autoUpgrade } from '../kit/to-the-end.ts';

/** After so many calls of 20,000 rows the rest of a kind is left to the next night: the history stays small. */
const mostCalls = 500;

const pruningOf = (kind: PrunedKind) =>
  proxyActivities<PruningActivities>({
    startToCloseTimeout: '10 minutes',
    scheduleToCloseTimeout: '1 hour',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
    summary: `prune ${kind}`,
  });

/**
 * One night of pruning, a kind after the other. A kind that cannot be pruned does not keep the others. The result is
 * the report. The Schedule starts the next one, and never two at a time.
 */
export async function prune(): Promise<PruningReport> {
  const rows = { facts: 0, seen: 0, answers: 0, cases: 0, histories: 0 };
  const trouble: string[] = [];
  for (const kind of prunedKinds) {
    try {
      await pruneAll(kind, (more) => (rows[kind] += more));
    } catch (error) {
      trouble.push(`${kind}: ${failureOf(error).message}`);
    }
  }
  const report = { rows, trouble: trouble.join(' ') || null };
  log.info('pruned', report);
  return report;
}

async function pruneAll(kind: PrunedKind, count: (rows: number) => void): Promise<void> {
  for (let call = 1; call <= mostCalls; call += 1) {
    const { rows, isMore } = await pruningOf(kind).prune(kind);
    count(rows);
    if (!isMore) return;
  }
}

/** A night that stayed with a version that no worker runs would keep the next one from starting. */
setWorkflowOptions(autoUpgrade, prune);
