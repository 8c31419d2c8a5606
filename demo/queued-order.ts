import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from '../broker-bridge/nats/broker.ts';
import { encodeEvent } from '../broker-bridge/intake/encode-event.ts';
import { ensureCustomerEventStream } from '../broker-bridge/nats/our-streams.ts';
import type { PlacedOrder } from '../app/place.ts';
import { orderWorkflowId } from '../contracts/ids.ts';
import type { Sources } from '../app/sources.ts';

/** An order on its way through the queue. `data` is what stands in the message, whether or not it can be used as it is. */
export interface QueuedOrder {
  readonly requestId: string;
  readonly data: object;
}

/** Puts it into the queue, as `client -- send` does. */
export async function queueOrder(broker: Broker, { requestId, data }: QueuedOrder): Promise<void> {
  await ensureCustomerEventStream(broker);
  const time = new Date().toISOString();
  const event = { id: `demo-${requestId}`, source: 'urn:demo:web-shop', type: 'place-order', time, data };
  await broker.publish(encodeEvent(event));
}

/** Waits until its mediator has taken it; undefined when that takes too long. */
export async function takenOrder(
  { prisma }: Sources,
  requestId: string,
  withinMs: number,
): Promise<PlacedOrder | undefined> {
  const until = Date.now() + withinMs;
  do {
    const [row] = await prisma.$queryRaw<{ orderId: string }[]>`
      SELECT order_id AS "orderId" FROM mediator_store.flow WHERE request_id = ${requestId}`;
    if (row) return { orderId: row.orderId, requestId, workflowId: orderWorkflowId(requestId) };
    await sleep(50);
  } while (Date.now() < until);
  return undefined;
}

/** What the rules changed on the way, as `name@version`; nothing when it was taken as it came. */
export async function rulesApplied({ prisma }: Sources, requestId: string): Promise<readonly string[]> {
  const rows = await prisma.$queryRaw<{ rules: string[] }[]>`
    SELECT rules FROM repair.case
    JOIN mediator_store.initiating_event AS event USING (case_id) WHERE event.event_id = ${`demo-${requestId}`}`;
  return rows.flatMap(({ rules }) => rules);
}

/** The order's repair case, as soon as it is for a person or closed; undefined when that takes too long. */
export async function deskCase(
  { prisma }: Sources,
  requestId: string,
  withinMs: number,
): Promise<{ readonly caseId: string; readonly state: string; readonly message: string } | undefined> {
  const until = Date.now() + withinMs;
  do {
    const [found] = await prisma.$queryRaw<{ caseId: string; state: string; message: string }[]>`
      SELECT case_id AS "caseId", repair.case.state, message FROM repair.case
      JOIN mediator_store.initiating_event AS event USING (case_id)
      WHERE event.event_id = ${`demo-${requestId}`} AND repair.case.state IN ('waiting', 'repaired', 'discarded')`;
    if (found) return found;
    await sleep(50);
  } while (Date.now() < until);
  return undefined;
}
