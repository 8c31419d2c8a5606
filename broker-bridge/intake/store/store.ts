import { runnerOn, type RowFrom } from '../../../prisma/statement.ts';
import { openPool } from '../../../prisma/transaction.ts';
import * as claim from './claim.ts';
import * as recording from './recording.ts';
import * as ringing from './ringing.ts';
import type { Asked, EventKey, Known, NewRow } from './rows.ts';

export type * from './rows.ts';
export type { UnrungEvent } from './ringing.ts';

/** Another intake has the claim now. Nothing was written. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost';
  constructor() {
    super('Another intake has taken over.');
  }
}

/** The rows to write for a batch, and the cases whose events were accepted without a row of their own. */
export interface Recording {
  readonly rows: readonly NewRow[];
  readonly acceptedCases: readonly string[];
}

/** The rows of queued events. The intake that has the claim writes them. */
export type CustomerEventStore = ReturnType<typeof openCustomerEvents>;

/** Opens the store. Nothing is connected before the first use. */
export function openCustomerEvents(databaseUrl: string) {
  const pool = openPool(databaseUrl, { application_name: 'intake', max: 4 });
  const on = runnerOn(pool);
  return {
    /** The term of the claim; null while another intake has it. */
    claim: async (): Promise<string | null> => (await on.run(claim.takeClaim()))[0]?.term ?? null,
    /** Rejects with `ClaimLost` when the term is over. */
    async renew(term: string): Promise<void> {
      if ((await on.run(claim.renewClaim(term))).length === 0) throw new ClaimLost();
    },
    giveBack: async (term: string): Promise<void> => void (await on.execute(claim.giveClaimBack(term))),
    lookUp: async (asked: readonly Asked[]): Promise<readonly Known[]> =>
      (await on.run(recording.lookUp(asked))).map(knownFrom),
    /** Writes a batch in one transaction. Rejects with `ClaimLost` when the term is over. */
    async write(term: string, { rows, acceptedCases }: Recording): Promise<void> {
      const [written] = await on.run(recording.writeRows(term, rows, acceptedCases));
      if (!written?.isClaimed) throw new ClaimLost();
    },
    /** Counts up to so many events that were rung within the last minute and are not complete. */
    underWay: async (most: number): Promise<number> => (await on.run(ringing.countUnderWay(most)))[0]?.underWay ?? 0,
    /** Up to `most` rows whose bell is not rung, and up to `mostReceived` that start a mediator. */
    unrung: (most: number, mostReceived: number) => on.run(ringing.unrungEvents(most, Math.max(0, mostReceived))),
    /** Takes back the notes of bells of the last minute. */
    ringAgain: async (): Promise<void> => void (await on.execute(ringing.ringAgain())),
    markRung: async (events: readonly EventKey[]): Promise<void> => void (await on.execute(ringing.markRung(events))),
    /** Notes the event of a message that JetStream gave up as a dead letter. False when it was recorded before. */
    noteLost: async (lost: recording.LostMessage) => (await on.run(recording.noteLost(lost)))[0]?.isLost ?? true,
    close: () => pool.end(),
  };
}

const knownFrom = ({ claimedCase, claimedPosition, ...known }: RowFrom<typeof recording.lookUp>): Known => ({
  ...known,
  claimed: claimedCase === null || claimedPosition === null ? null : { caseId: claimedCase, position: claimedPosition },
});
