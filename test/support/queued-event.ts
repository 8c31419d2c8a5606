import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { encodeEvent } from '../../broker-bridge/intake/encode-event.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { loadReturnPolicy } from '../../config/return-policy.ts';
import {
  classify,
  type EventBodies,
  type InitiatingEvent,
  type InitiatingEventName,
} from '../../contracts/initiating-events.ts';
import { customerWorkflowId } from '../../contracts/ids.ts';
import { customerBell } from '../../contracts/mediators/customer-mediator.ts';
import type { Shop } from './shop.ts';
import { until } from './until.ts';
import type { Policies } from '../../contracts/initiating-event.ts';
import { bodyHash } from '../../contracts/schemas/initiating-events.ts';

type Place = Pick<Shop, 'client' | 'sql'>;

/** A queued event after its mediator was started, or rung. */
export interface QueuedEvent {
  readonly id: string;
  readonly workflowId: string;
  readonly row: () => Promise<EventRow>;
  /** The result of its workflow, or the message that it fails with; of a simple event its outcome, or the case's message. */
  readonly end: () => Promise<unknown>;
}

/** The columns of an event's row that tests look at. */
export interface EventRow {
  readonly state: string;
  readonly outcome: string | null;
  readonly mediator_class: string;
  readonly case_id: string | null;
  readonly has_body: boolean;
}

const queueSource = 'test-shop';

/** Sequences of a stream that only this process has. */
let sequence = Date.now();

/** Writes the event's row and starts its mediator, without a queue. */
export async function startQueued<Name extends InitiatingEventName>(
  shop: Place,
  name: Name,
  body: EventBodies[Name],
  options: Options = {},
): Promise<QueuedEvent> {
  const { id, kind, flow, customerId, workflowId } = await write(shop, name, body, options);
  const row = () => rowOf(shop, id);
  if (!flow) {
    await shop.client.workflow.signalWithStart(kind.workflowType, customerBell(customerId));
    return { id, workflowId, row, end: () => endOfSimple(shop, id) };
  }
  const handle = await shop.client.workflow.start(kind.workflowType, {
    taskQueue: kind.channel,
    ...flow,
    args: [...flow.args],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
  });
  return { id, workflowId, row, end: () => handle.result().catch(messageOf) };
}

async function endOfSimple(shop: Place, id: string): Promise<unknown> {
  const ended = await until(
    async () => {
      const { state, outcome, case_id: caseId } = await rowOf(shop, id);
      return (state === 'complete' || state === 'dead-lettered') && { outcome, caseId };
    },
    { within: 60_000, what: `${id} to end` },
  );
  if (ended.outcome !== 'refused') return { outcome: ended.outcome };
  const cases = () =>
    shop.sql<{ message: string }>('SELECT message FROM repair.case WHERE case_id = $1', [ended.caseId]);
  return until(async () => (await cases())[0]?.message, { what: `the case of ${id}` });
}

/** Writes the event's row only, as if Temporal had lost its workflow. */
export async function writeQueued<Name extends InitiatingEventName>(
  shop: Place,
  name: Name,
  body: EventBodies[Name],
  options: Options = {},
): Promise<Pick<QueuedEvent, 'id' | 'workflowId'>> {
  const { id, workflowId } = await write(shop, name, body, options);
  return { id, workflowId };
}

async function write<Name extends InitiatingEventName>(
  shop: Place,
  name: Name,
  body: EventBodies[Name],
  { id = randomUUID(), caseId = null, policies = {} }: Options,
) {
  const kind: InitiatingEvent<EventBodies[Name]> = classify(name) as never;
  const origin = { via: 'queue', source: queueSource, id } as const;
  const ofTheShop = { order: loadOrderPolicy({}), return: loadReturnPolicy({}), ...policies };
  const event = { name, body, bodyHash: bodyHash(body), origin, policies: ofTheShop };
  const flow = kind.start?.(event, kind.mediatorClass);
  const customerId = kind.customerOf(body);
  const workflowId = flow?.workflowId ?? customerWorkflowId(customerId);
  const { subject, headers, data } = encodeEvent({ id, source: queueSource, type: name, data: body });
  sequence += 1;
  const about = [queueSource, id, name, kind.mediatorClass, kind.waitsUntil, customerId, event.bodyHash, workflowId];
  const columns = 'source, event_id, name, mediator_class, waits_until, customer_id, body_hash, workflow_id, state';
  await shop.sql(
    `INSERT INTO mediator_store.initiating_event (${columns}, rung_at, stream_sequence, place, position, case_id, subject, headers, body)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'received', now(), $9, 'test-' || $9::bigint, nextval('mediator_store.event_position'), $10, $11, $12, $13)`,
    [...about, sequence, caseId, subject, headers, Buffer.from(data)],
  );
  return { id, kind, flow, customerId, workflowId };
}

interface Options {
  readonly id?: string;
  /** The case it was resubmitted from. */
  readonly caseId?: string | null;
  readonly policies?: Partial<Policies>;
}

/** The row of an event, from the queue or of a request of the client. */
export async function rowOf(shop: Place, id: string): Promise<EventRow> {
  const [row] = await shop.sql<EventRow>(
    'SELECT state, outcome, mediator_class, case_id, body IS NOT NULL AS has_body FROM mediator_store.initiating_event WHERE event_id = $1',
    [id],
  );
  if (!row) throw new Error(`There is no event ${id}.`);
  return row;
}

function messageOf(error: unknown): string {
  if (error instanceof WorkflowFailedError && error.cause) return error.cause.message;
  throw error;
}
