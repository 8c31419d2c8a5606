import { Client, Connection } from '@temporalio/client';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import type { Broker, Message } from '../../../broker-bridge/nats/broker.ts';
import { createDeadLetters, type DeadLetters } from '../../../broker-bridge/dead-letter/dead-letters.ts';
import { ensureCustomerEventStream, ensureListenerRetryStream } from '../../../broker-bridge/nats/our-streams.ts';
import { actOnCase } from '../../../app/act-on-case.ts';
import { customerEventQueue, customerEventSubject, eventHeaders } from '../../../contracts/customer-event-queue.ts';
import type { CaseState, DeadLetter, RepairPolicy } from '../../../contracts/mediators/repair.ts';
import { repairWorkflowId } from '../../../contracts/ids.ts';
import { openDatabase, type Database } from '../../../prisma/database.ts';
import { findCase, type RepairCaseDetails } from '../../../app/reads/cases.ts';
import { createRepairCaseStore } from '../../../activities/repair/case-store.ts';
import { openRig, type Rig, type RigParts } from '../../support/rig.ts';
import { anOrder } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import { silentLog } from '../../support/silent-log.ts';
import type { CaseActions, CaseActionName, CaseActionTaken } from '../../../contracts/mediators/case-actions.ts';

/** A workflow processor on servers of its own, and hands on what is around it. */
export interface Stage extends DeadLetters {
  readonly rig: Rig;
  readonly client: Client;
  readonly database: Database;
  readonly broker: Broker;
  act<Name extends CaseActionName>(caseId: string, name: Name, action: CaseActions[Name]): Promise<CaseActionTaken>;
  caseOf(caseId: string): Promise<RepairCaseDetails>;
  /** Waits until the case is in this state. */
  isIn(caseId: string, state: CaseState): Promise<RepairCaseDetails>;
  /** The result of the case's workflow. */
  end(caseId: string): Promise<CaseState>;
  /** What the queue holds that was resubmitted from this case, oldest first. */
  resubmitted(caseId: string): Promise<readonly Message[]>;
}

/** Opens a stage; ended by `rig.close()`. */
export async function openStage(
  policy: RepairPolicy = { reminders: [], checkAfter: '1 day' },
  parts: RigParts = {},
): Promise<Stage> {
  const rig = await openRig({ temporal: true, nats: true, ...parts });
  const connection = await Connection.connect({ address: rig.temporal.address });
  rig.onClose(() => connection.close());
  const client = new Client({ connection, namespace: rig.temporal.namespace });
  const database = openDatabase(rig.databaseUrl, { poolSize: 4 });
  rig.onClose(() => database.close());
  const broker = await connectBroker({ url: rig.nats.url, name: 'test', log: silentLog });
  rig.onClose(() => broker.close());
  await ensureCustomerEventStream(broker);
  await ensureListenerRetryStream(broker);
  await rig.launchWorker('workflow-processor');
  const cases = createRepairCaseStore(database);
  const caseOf = async (caseId: string) => {
    const found = await findCase(database, caseId);
    if (!found) throw new Error(`There is no case ${caseId}.`);
    return found;
  };
  return {
    rig,
    client,
    database,
    broker,
    ...createDeadLetters({ client, cases, policy, log: silentLog }),
    act: (caseId, name, action) =>
      actOnCase({ sources: { database, client }, caseId, name, action, deadlineMs: 20_000 }),
    caseOf,
    isIn: (caseId, state) =>
      until(
        async () => {
          const found = await caseOf(caseId);
          return found.state === state && found;
        },
        { what: `the case ${caseId} to be ${state}`, within: 20_000 },
      ),
    end: (caseId) => client.workflow.getHandle(repairWorkflowId(caseId)).result() as Promise<CaseState>,
    resubmitted: (caseId) => resubmittedTo(broker, caseId),
  };
}

async function resubmittedTo(broker: Broker, caseId: string): Promise<readonly Message[]> {
  const { stream } = customerEventQueue;
  const info = await broker.streamInfo(stream);
  const found: Message[] = [];
  for (let sequence = info?.firstSequence ?? 1; sequence <= (info?.lastSequence ?? 0); sequence += 1) {
    const message = await broker.message(stream, sequence);
    if (message?.headers[eventHeaders.caseId] === caseId) found.push(message);
  }
  return found;
}

let place = 0;

/** A place-order that a consumer could not process. */
export function erroneous(body: unknown, changes: Partial<DeadLetter> = {}): DeadLetter {
  place += 1;
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    caseId: `case-${place}`,
    consumer: customerEventQueue.consumer,
    subject: customerEventSubject('place-order'),
    headers: {
      [eventHeaders.id]: `evt-${place}`,
      [eventHeaders.source]: 'web-shop',
      [eventHeaders.type]: 'place-order',
      [eventHeaders.specversion]: '1.0',
      [eventHeaders.key]: 'c-1',
    },
    body: bytes,
    streamSequence: place,
    reason: 'bad-body',
    message: 'The event does not fit its schema in one place.',
    problems: [{ field: 'lines[0].quantity', message: 'must be a whole number' }],
    customerId: 'c-1',
    ...changes,
  };
}

/** An order whose quantity is as given. */
export const orderOf = (quantity: unknown, isbn: unknown = '9780134685991') => ({
  ...anOrder(),
  lines: [{ isbn, quantity }],
});

/** What a message says. */
export const bodyOf = ({ data }: Message): unknown => JSON.parse(new TextDecoder().decode(data));
