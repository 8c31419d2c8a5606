import type { Database } from '../../database.ts';

/** Gives up what a case came from: later events of the customer wait for it no more. Its bytes are forgotten. Does nothing the second time. */
export async function closeErroneous({ prisma }: Database, caseId: string, as: 'discarded'): Promise<void> {
  await prisma.$executeRaw`
    UPDATE ledger.initiating_event SET state = ${as}, completed_at = now(), subject = NULL, headers = NULL, body = NULL
    WHERE case_id = ${caseId} AND state = 'erroneous'`;
}
