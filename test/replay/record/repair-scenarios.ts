import { randomUUID } from 'node:crypto';
import { createDeadLetters, type DeadLetters } from '../../../broker-bridge/dead-letter/dead-letters.ts';
import { loadConfig } from '../../../config/config.ts';
import { customerEventQueue, customerEventSubject, eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { repairWorkflowId } from '../../../contracts/ids.ts';
import type { CaseState, DeadLetter } from '../../../contracts/mediators/repair.ts';
import { openDatabase } from '../../../prisma/database.ts';
import { createRepairCaseStore } from '../../../activities/repair/case-store.ts';
import { until } from '../../support/until.ts';
import type { Scenario } from './scenarios.ts';
import type { Stage } from './stage.ts';
import { silentLog } from '../../support/silent-log.ts';
import type { CaseActions, CaseActionName } from '../../../contracts/mediators/case-actions.ts';

type Happen = (stage: Stage, repair: DeadLetters, event: DeadLetter) => Promise<void>;

/** Hands an order over whose quantity is this, and lets something happen to its case. The queue has no intake in these scenarios. */
const sentLetters =
  (quantity: unknown, happen: Happen): Scenario =>
  async (stage) => {
    const database = openDatabase(loadConfig(process.env).database.DATABASE_URL, { poolSize: 2 });
    const cases = createRepairCaseStore(database);
    const repair = createDeadLetters({
      client: stage.client,
      cases,
      policy: { reminders: ['1 second', '1 day'], checkAfter: '1 day' },
      log: silentLog,
    });
    const event = erroneous(quantity);
    try {
      await repair.send(event, false);
      await happen(stage, repair, event);
      return repairWorkflowId(event.caseId);
    } finally {
      await database.close();
    }
  };

const order = (quantity: unknown) => ({
  requestId: 'recorded-order',
  customerId: 'c-1',
  lines: [{ isbn: '9780134685991', quantity }],
  card: 'card_ok',
  shipTo: { name: 'Anna', street: '1 Harbour Street', city: 'Hamburg', postcode: '20457', country: 'DE' },
  currency: 'EUR',
});

const textOf = (quantity: unknown): string => JSON.stringify(order(quantity));

function erroneous(quantity: unknown): DeadLetter {
  const id = randomUUID();
  return {
    caseId: `recorded-${id}`,
    consumer: customerEventQueue.consumer,
    subject: customerEventSubject('place-order'),
    headers: {
      [eventHeaders.id]: id,
      [eventHeaders.source]: 'recorder',
      [eventHeaders.type]: 'place-order',
      [eventHeaders.specversion]: '1.0',
    },
    body: new TextEncoder().encode(textOf(quantity)),
    streamSequence: 1,
    reason: 'bad-body',
    message: 'The event does not fit its schema in one place.',
    problems: [],
    customerId: 'c-1',
  };
}

const isIn = (stage: Stage, { caseId }: DeadLetter, state: CaseState): Promise<unknown> =>
  until(
    async () => {
      const [row] = await stage.sql<{ state: CaseState }>('SELECT state FROM repair.case WHERE case_id = $1', [caseId]);
      return row?.state === state;
    },
    { within: 30_000, what: `the case to be ${state}` },
  );

const act = <Name extends CaseActionName>(
  { client }: Stage,
  { caseId }: DeadLetter,
  name: Name,
  action: CaseActions[Name],
) => client.workflow.getHandle(repairWorkflowId(caseId)).executeUpdate(name, { args: [action] });

const actor = 'Robin';

const reminded = (stage: Stage, { caseId }: DeadLetter): Promise<unknown> =>
  until(
    async () => {
      const text = `SELECT step FROM repair.audit WHERE case_id = $1 AND step = 'reminded'`;
      return (await stage.sql(text, [caseId])).length > 0;
    },
    { within: 30_000, what: 'a reminder' },
  );

/** By the rules alone. */
const sentBackAndTaken: Happen = async (stage, repair, event) => {
  await isIn(stage, event, 'resubmitted');
  await repair.accepted(event.caseId);
};

/** What happens to erroneous events. */
export const repairScenarios = {
  'case-repaired-by-rule': sentLetters('12 EACH', sentBackAndTaken),
  // As it was recorded first, the message was sent back by a step of its own.
  'case-sent-back-by-rule': sentLetters('12 EACH', sentBackAndTaken),
  'case-repaired-at-desk': sentLetters('twelve', async (stage, repair, event) => {
    await isIn(stage, event, 'waiting');
    await reminded(stage, event);
    await act(stage, event, 'take', { actor });
    await act(stage, event, 'resubmit', { actor, body: textOf(0) });
    await act(stage, event, 'resubmit', { actor, body: textOf(12) });
    await isIn(stage, event, 'resubmitted');
    await repair.accepted(event.caseId);
  }),
  'case-returned-and-discarded': sentLetters('3 PCS', async (stage, repair, event) => {
    await isIn(stage, event, 'resubmitted');
    const body = new TextEncoder().encode(textOf(3));
    await repair.send({ ...event, body, streamSequence: 2, reason: 'refused' }, true);
    await isIn(stage, event, 'waiting');
    await act(stage, event, 'discard', { actor, reason: 'Nobody wants it.' });
  }),
} satisfies Readonly<Record<string, Scenario>>;
