import type { CaseOpened, DeadLetter, RepairCaseStore } from '../../contracts/mediators/repair.ts';
import { bool } from '../../prisma/codec.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';
import { appendAudit, auditColumn, hashOfBytes, type AuditEntry } from './audit.ts';

/** The store in which consumers record dead letters. */
export const createRepairCaseStore = (on: SqlRunner): RepairCaseStore => ({
  async openCase(event, isReturned): Promise<CaseOpened> {
    const [row] = await on.run(writeCase(event, isReturned));
    if (!row) return 'known';
    return row.isReturned ? 'returned' : 'opened';
  },
});

/** Writes the case with its step in the audit trail. Gives no row when there is nothing new. */
export const writeCase = statement(
  'repair.open-case',
  { isReturned: bool, ...auditColumn },
  (event: DeadLetter, isReturned: boolean) => sql`
  WITH changed AS (${isReturned ? reopening(event) : opening(event)})
  SELECT is_returned AS "isReturned", ${appendAudit(entryOf(event, isReturned))} FROM changed`,
);

const entryOf = (event: DeadLetter, isReturned: boolean): AuditEntry => ({
  caseId: event.caseId,
  stepId: isReturned ? `${event.caseId}/returned/${event.streamSequence}` : `${event.caseId}/handed-over`,
  step: isReturned ? 'returned' : 'handed-over',
  actor: null,
  details: auditDetails(event),
});

/** Bodies appear in the trail as hashes only. */
const auditDetails = ({ consumer, subject, streamSequence, reason, message, problems, body }: DeadLetter) => ({
  consumer,
  subject,
  streamSequence,
  reason,
  message,
  fields: problems.map(({ field }) => field).slice(0, 20),
  bytes: body.byteLength,
  bodyHash: hashOfBytes(body),
});

const valuesOf = (event: DeadLetter): Sql => sql`
  (case_id, consumer, subject, headers, body, stream_sequence, customer_id, reason, message, problems)
  VALUES (${event.caseId}, ${event.consumer}, ${event.subject}, ${JSON.stringify(event.headers)}::jsonb, ${Buffer.from(event.body)},
    ${event.streamSequence}, ${event.customerId}, ${event.reason}, ${event.message}, ${JSON.stringify(event.problems)}::jsonb)`;

const opening = (event: DeadLetter): Sql => sql`
  INSERT INTO repair.case ${valuesOf(event)} ON CONFLICT (case_id) DO NOTHING RETURNING false AS is_returned`;

/**
 * A case whose first hand-over was lost is opened; one that knows this return already stays as it is. One that was
 * pruned has the headers of the message that came back.
 */
const reopening = (event: DeadLetter): Sql => sql`
  INSERT INTO repair.case AS known ${valuesOf(event)}
  ON CONFLICT (case_id) DO UPDATE SET reason = excluded.reason, message = excluded.message, problems = excluded.problems,
    body = COALESCE(known.body, excluded.body), proposal = excluded.body, returned_sequence = excluded.stream_sequence,
    customer_id = COALESCE(known.customer_id, excluded.customer_id), state = 'repairing', waiting_since = NULL, closed_at = NULL,
    headers = CASE WHEN known.pruned_at IS NULL THEN known.headers ELSE excluded.headers END, pruned_at = NULL
  WHERE known.returned_sequence IS DISTINCT FROM excluded.stream_sequence AND known.state <> 'discarded'
  RETURNING true AS is_returned`;
