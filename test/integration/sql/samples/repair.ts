import { writeCase } from '../../../../activities/repair/case-store.ts';
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
} from '../../../../activities/repair/statements.ts';
import type { DeadLetter } from '../../../../contracts/mediators/repair.ts';
import { sql } from '../../../../prisma/sql.ts';
import { sample } from '../describe.ts';

const event: DeadLetter = {
  caseId: 'case-1',
  consumer: 'customer-event-queue',
  subject: 'customer.event.place-order',
  headers: {},
  body: Buffer.from('{'),
  streamSequence: 1,
  reason: 'not-json',
  message: 'The message is not JSON.',
  problems: [],
  customerId: null,
};
const entry = { caseId: 'case-1', stepId: 'run/1', step: 'waiting', actor: null, details: {} } as const;
const proposal = { body: event.body, problems: [], rules: ['utf-16@1'] };
const key = { source: 'shop', eventId: 'evt-1' };

export const samples = [
  sample(writeCase, event, false),
  sample(writeCase, event, true),
  sample(readCase, 'case-1'),
  sample(changeCase, resubmitted(proposal), isIn('repairing'), entry),
  sample(changeCase, waiting(proposal), waitsForPerson, entry),
  sample(changeCase, closed('repaired'), isIn('resubmitted'), entry),
  sample(changeCase, sql`owner = ${'Kim'}`, isIn('waiting'), entry),
  sample(discardCase, entry),
  sample(acceptEvent, key, entry),
  sample(noteStep, entry),
  sample(resubmittedEvent, key),
  sample(lastPlace, 'case-1'),
];
