import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from '../broker-bridge/nats/broker.ts';
import { encodeEvent } from '../broker-bridge/intake/encode-event.ts';
import { ensureCustomerEventStream } from '../broker-bridge/nats/our-streams.ts';
import type { PlacedOrder } from '../app/place.ts';
import { orderWorkflowId } from '../contracts/ids.ts';
import { caseStates, type CaseState } from '../contracts/mediators/repair.ts';
import { arrayOf, oneOf, text } from '../prisma/codec.ts';
import { sql } from '../prisma/sql.ts';
import { statement } from '../prisma/statement.ts';
import type { Sources } from '../app/sources.ts';

/** An order on its way through the queue. `data` is put into the message unchanged, usable or not. */
export interface QueuedOrder {
  readonly requestId: string;
  readonly data: object;
}

/** Puts it into the queue, as `client -- send` does. */
export async function queueOrder(broker: Broker, { requestId, data }: QueuedOrder): Promise<void> {
  await ensureCustomerEventStream(broker);
  const time = new Date().toISOString();
  const event = { id: demoEventId(requestId), source: 'urn:demo:web-shop', type: 'place-order', time, data };
  await broker.publish(encodeEvent(event));
}

/** Waits until its mediator has taken it; undefined when that takes too long. */
export async function takenOrder(
  { database }: Sources,
  requestId: string,
  withinMs: number,
): Promise<PlacedOrder | undefined> {
  const until = Date.now() + withinMs;
  do {
    const row = await database.prisma.flow.findUnique({ where: { requestId }, select: { orderId: true } });
    if (row) return { orderId: row.orderId, requestId, workflowId: orderWorkflowId(requestId) };
    await sleep(50);
  } while (Date.now() < until);
  return undefined;
}

/** The rules that were applied on the way, as `name@version`; none when it was taken as it came. */
export async function rulesApplied({ database }: Sources, requestId: string): Promise<readonly string[]> {
  const rows = await database.run(caseOfEvent(demoEventId(requestId)));
  return rows.flatMap(({ rules }) => rules);
}

/** The order's repair case, as soon as it is for a person or closed; undefined when that takes too long. */
export async function deskCase(
  { database }: Sources,
  requestId: string,
  withinMs: number,
): Promise<{ readonly caseId: string; readonly state: string; readonly message: string } | undefined> {
  const until = Date.now() + withinMs;
  do {
    const [found] = await database.run(caseOfEvent(demoEventId(requestId)));
    if (found && deskStates.includes(found.state)) return found;
    await sleep(50);
  } while (Date.now() < until);
  return undefined;
}

const demoEventId = (requestId: string): string => `demo-${requestId}`;

/** The states of a case that no rule works on any more. */
const deskStates: readonly CaseState[] = ['waiting', 'repaired', 'discarded'];

export const caseOfEvent = statement(
  'demo.case-of-event',
  { caseId: text, state: oneOf(...caseStates), message: text, rules: arrayOf(text) },
  (eventId: string) => sql`
    SELECT case_id AS "caseId", repair.case.state, message, rules FROM repair.case
    JOIN mediator_store.initiating_event AS event USING (case_id) WHERE event.event_id = ${eventId}`,
);
