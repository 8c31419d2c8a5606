import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { encodeEvent } from '../../broker-bridge/intake/encode-event.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { loadReturnPolicy } from '../../config/return-policy.ts';
import { classify, type EventBodies, type InitiatingEventName } from '../../contracts/initiating-events.ts';
import type { Shop } from './shop.ts';
import type { Policies } from '../../contracts/initiating-event.ts';
import { bodyHash } from '../../contracts/schemas/initiating-events.ts';

type Place = Pick<Shop, 'client' | 'sql'>;

/** A queued event after the intake has started its workflow. */
export interface QueuedEvent {
  readonly id: string;
  readonly workflowId: string;
  readonly row: () => Promise<EventRow>;
  /** The result of its workflow, or the message that it fails with. */
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

export const queueSource = 'test-shop';

/** Sequences of a stream that only this process has. */
let sequence = Date.now();

/** Writes the event's row and starts its workflow, without a queue. */
export async function startQueued<Name extends InitiatingEventName>(
  shop: Place,
  name: Name,
  body: EventBodies[Name],
  options: Options = {},
): Promise<QueuedEvent> {
  const { id, kind, flow } = await write(shop, name, body, options);
  const { args, workflowId } = flow;
  const handle = await shop.client.workflow.start(kind.workflowType, {
    ...flow,
    args: [...args],
    taskQueue: kind.channel,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
  });
  return { id, workflowId, row: () => rowOf(shop, id), end: () => handle.result().catch(messageOf) };
}

/** Writes the event's row only, as if Temporal had lost its workflow. */
export async function writeQueued<Name extends InitiatingEventName>(
  shop: Place,
  name: Name,
  body: EventBodies[Name],
  options: Options = {},
): Promise<Pick<QueuedEvent, 'id' | 'workflowId'>> {
  const { id, flow } = await write(shop, name, body, options);
  return { id, workflowId: flow.workflowId };
}

async function write<Name extends InitiatingEventName>(
  shop: Place,
  name: Name,
  body: EventBodies[Name],
  { id = randomUUID(), caseId = null, policies = {} }: Options,
) {
  const kind = classify(name);
  const origin = { via: 'queue', source: queueSource, id } as const;
  const ofTheShop = { order: loadOrderPolicy({}), return: loadReturnPolicy({}), ...policies };
  const event = { name, body, bodyHash: bodyHash(body), origin, policies: ofTheShop };
  const flow = kind.start(event, kind.mediatorClass);
  const { subject, headers, data } = encodeEvent({ id, source: queueSource, type: name, data: body });
  sequence += 1;
  const about = [queueSource, id, name, kind.mediatorClass, kind.waitsUntil, kind.customerOf(body)];
  const columns = 'source, event_id, name, mediator_class, waits_until, customer_id, body_hash, workflow_id, state';
  await shop.sql(
    `INSERT INTO mediator_store.initiating_event (${columns}, stream_sequence, position, case_id, subject, headers, body)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'received', $9, $9, $10, $11, $12, $13)`,
    [...about, event.bodyHash, flow.workflowId, sequence, caseId, subject, headers, Buffer.from(data)],
  );
  return { id, kind, flow };
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
