import { createHash } from 'node:crypto';
import type { CaseOpened, DeadLetter, RepairCaseStore } from '../../contracts/mediators/repair.ts';
import type { Database } from '../../prisma/database.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { appendAudit } from './audit.ts';

/** The case store of one database. */
export const createRepairCaseStore = ({ prisma }: Pick<Database, 'prisma'>): RepairCaseStore => ({
  openCase: (event, isReturned) => openCase(prisma, event, isReturned),
});

/** One statement: the case, and its step in the audit trail. */
async function openCase(prisma: Database['prisma'], event: DeadLetter, isReturned: boolean): Promise<CaseOpened> {
  const [row] = await prisma.$queryRaw<{ isReturned: boolean }[]>`
    WITH changed AS (${isReturned ? reopening(event) : opening(event)})
    SELECT is_returned AS "isReturned", ${appendAudit({
      caseId: event.caseId,
      stepId: stepIdOf(event, isReturned),
      step: isReturned ? 'returned' : 'handed-over',
      actor: null,
      details: detailsOf(event),
    })} FROM changed`;
  if (!row) return 'known';
  return row.isReturned ? 'returned' : 'opened';
}

const stepIdOf = ({ caseId, streamSequence }: DeadLetter, isReturned: boolean): string =>
  isReturned ? `${caseId}/returned/${streamSequence}` : `${caseId}/handed-over`;

/** Bodies appear in the trail as hashes only. */
const detailsOf = ({ consumer, subject, streamSequence, reason, message, problems, body }: DeadLetter) => ({
  consumer,
  subject,
  streamSequence,
  reason,
  message,
  fields: problems.map(({ field }) => field).slice(0, 20),
  bytes: body.byteLength,
  bodyHash: hashOfBytes(body),
});

/** SHA-256, hexadecimal, of a message's bytes, as the audit trail has it. */
export const hashOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const valuesOf = (event: DeadLetter): Prisma.Sql => Prisma.sql`
  (case_id, consumer, subject, headers, body, stream_sequence, customer_id, reason, message, problems)
  VALUES (${event.caseId}, ${event.consumer}, ${event.subject}, ${JSON.stringify(event.headers)}::jsonb, ${Buffer.from(event.body)},
    ${event.streamSequence}, ${event.customerId}, ${event.reason}, ${event.message}, ${JSON.stringify(event.problems)}::jsonb)`;

const opening = (event: DeadLetter): Prisma.Sql => Prisma.sql`
  INSERT INTO repair.case ${valuesOf(event)} ON CONFLICT (case_id) DO NOTHING RETURNING false AS is_returned`;

/** A case whose first hand-over was lost is opened; one that knows this return already stays as it is. */
const reopening = (event: DeadLetter): Prisma.Sql => Prisma.sql`
  INSERT INTO repair.case AS known ${valuesOf(event)}
  ON CONFLICT (case_id) DO UPDATE SET reason = excluded.reason, message = excluded.message, problems = excluded.problems,
    body = COALESCE(known.body, excluded.body), proposal = excluded.body, returned_sequence = excluded.stream_sequence,
    customer_id = COALESCE(known.customer_id, excluded.customer_id), state = 'repairing', waiting_since = NULL, closed_at = NULL
  WHERE known.returned_sequence IS DISTINCT FROM excluded.stream_sequence AND known.state <> 'discarded'
  RETURNING true AS is_returned`;
