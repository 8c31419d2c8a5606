import type { EventKey } from '../../contracts/mediators/event-records.ts';
import type { CaseProblem } from '../../contracts/mediators/repair.ts';
import type { Database } from '../../prisma/database.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import type { AuditEntry } from './audit.ts';
import {
  acceptEvent,
  changeCase,
  closed,
  discardCase,
  isIn,
  lastPlace,
  noteStep,
  readCase,
  resubmitted,
  resubmittedEvent,
  waiting,
  waitsForPerson,
  type CaseMessage,
  type Proposal,
  type ResubmittedEvent,
} from './statements.ts';

/**
 * The workflow processor's records. Each change is one statement together with its audit step, and answers with the
 * case as it is then; with undefined, or false, when nothing was changed.
 */
export type RepairStore = ReturnType<typeof createRepairStore>;

/** The store of one database. */
export const createRepairStore = (database: Database) => ({ ...caseReads(database), ...caseChanges(database) });

const caseReads = (database: Database) => ({
  read: async (caseId: string): Promise<CaseMessage | undefined> => (await database.run(readCase(caseId)))[0],
  /** True when an earlier attempt made the step. */
  async wasNoted(stepId: string): Promise<boolean> {
    return (await database.prisma.repairAudit.findUnique({ where: { stepId }, select: { stepId: true } })) !== null;
  },
  /** Every case that is not closed, oldest first. */
  openCases: (): Promise<readonly OpenCase[]> =>
    database.prisma.repairCase.findMany({
      where: { closedAt: null },
      orderBy: { openedAt: 'asc' },
      select: { caseId: true, customerId: true },
    }),
  /**
   * The row of a resubmitted event; null while it is in the queue. `caseId` may be another one's: two cases may begin
   * with one id.
   */
  eventOf: async (key: EventKey): Promise<ResubmittedEvent | null> =>
    (await database.run(resubmittedEvent(key)))[0] ?? null,
  /** The place in the stream of the case's last message; null when it was not written down. */
  lastPlace: async (caseId: string): Promise<number | null> =>
    (await database.run(lastPlace(caseId)))[0]?.place ?? null,
});

const caseChanges = (database: Database) => {
  const change = async (set: Sql, from: Sql, entry: AuditEntry): Promise<CaseMessage | undefined> =>
    (await database.run(changeCase(set, from, entry)))[0];
  return {
    /** Sends the message back as proposed. A person's proposal needs a case that waits for a person. */
    resubmit: (proposal: Proposal, by: 'rules' | 'person', entry: AuditEntry) =>
      change(resubmitted(proposal), by === 'rules' ? isIn('repairing') : waitsForPerson, entry),
    /** Lets a case wait for a person, with the message as the rules left it. */
    wait: (proposal: Proposal, entry: AuditEntry) => change(waiting(proposal), isIn('repairing'), entry),
    assign: (owner: string, entry: AuditEntry) =>
      change(sql`owner = ${owner}`, isIn('repairing', 'waiting', 'resubmitted'), entry),
    /** The resubmitted message was accepted: closes the case and forgets its message. */
    accept: (entry: AuditEntry) => change(closed('repaired'), isIn('resubmitted'), entry),
    /** The same for an event. The other events of the case are repaired with it, so that later ones wait no more. */
    acceptAs: async (key: EventKey, entry: AuditEntry): Promise<boolean> =>
      (await database.run(acceptEvent(key, entry))).length > 0,
    /** Gives up a case that waits for a person, and its event: later ones of the customer wait no more. */
    discard: async (entry: AuditEntry): Promise<boolean> => (await database.run(discardCase(entry))).length > 0,
    /** Lets a person act on a resubmitted case. False when a person could already. */
    overdue: async (entry: AuditEntry): Promise<boolean> =>
      (await change(sql`waiting_since = now()`, sql`${isIn('resubmitted')} AND waiting_since IS NULL`, entry)) !==
      undefined,
    /** The stream has refused the message for good: the case waits for a person. */
    refused: async (problem: CaseProblem, entry: AuditEntry): Promise<boolean> => {
      const problems = JSON.stringify([problem]);
      const set = sql`state = 'waiting', waiting_since = now(), problems = ${problems}::jsonb`;
      return (await change(set, isIn('resubmitted'), entry)) !== undefined;
    },
    /** Only adds to the trail. */
    async note(entry: AuditEntry): Promise<void> {
      await database.run(noteStep(entry));
    },
  };
};

/** A case that is not closed. */
export type OpenCase = Pick<CaseMessage, 'caseId' | 'customerId'>;
