import { proxyLocalActivities } from '@temporalio/workflow';
import type { MediatorLedger } from '../contracts/ledger.ts';

/**
 * The mediators' own records in PostgreSQL. Local activities: the row is written by the mediator's own worker,
 * without a trip over a task queue. Faults are retried until the database is back.
 */
export const ledger: MediatorLedger = {
  receiveOrder: (entry) => noted('open the ledger row').receiveOrder(entry),
  withdrawOrder: (entry) => noted('remove the ledger row').withdrawOrder(entry),
  undoOrder: (entry) => noted('mark it as being undone').undoOrder(entry),
  finishOrder: (entry) => noted('close the ledger row').finishOrder(entry),
};

const noted = (summary: string) =>
  proxyLocalActivities<MediatorLedger>({
    startToCloseTimeout: '5 seconds',
    retry: { initialInterval: '200 ms', maximumInterval: '10 seconds' },
    summary,
  });
