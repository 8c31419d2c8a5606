import { randomUUID } from 'node:crypto';
import type { OrderPolicy } from '../../../contracts/mediators/order-policy.ts';
import { orderWorkflowId } from '../../../contracts/ids.ts';
import type { OrderOutcome } from '../../../contracts/mediators/order-mediator.ts';
import { act, refusalOf } from '../../support/acting.ts';
import { nobodyHelps, policyOf } from '../../support/policies.ts';
import type { Shop } from '../../support/shop.ts';
import { until } from '../../support/until.ts';
import type { DatabaseTrouble, Planned } from './database-trouble.ts';
import { cancelledBy, type Case } from './matrix.ts';
import { isDoneLate, orderOf, spoilSupplier } from './partner-trouble.ts';
import { longestAttempt, troubleOf, undoTroubleOf } from './plans.ts';
import type { Duration } from '../../../contracts/duration.ts';

/** What all cases are played on. */
export interface Stage {
  readonly shop: Shop;
  readonly database: DatabaseTrouble;
  /** The titles, by the case's number. */
  readonly titles: ReadonlyMap<number, string>;
}

/** A case that is about to be played: its request id, and the trouble that is ready for it. */
export interface Cast {
  readonly one: Case;
  readonly requestId: string;
  readonly isbn: string;
  readonly trouble: Planned | undefined;
}

/** How a case ended; `troubled`: what went wrong in the playing of it. */
export interface Played extends Cast {
  readonly outcome: OrderOutcome | 'refused' | undefined;
  readonly troubled: readonly unknown[];
}

/** Has the trouble of these cases ready. */
export async function cast({ database, titles }: Stage, cases: readonly Case[]): Promise<readonly Cast[]> {
  const casts = cases.map((one) => {
    const requestId = randomUUID();
    return { one, requestId, isbn: titles.get(one.number) as string, trouble: troubleOf(one, requestId) };
  });
  const undoTroubles = casts.flatMap(({ one, requestId }) => undoTroubleOf(one, requestId));
  await database.plan([...casts.flatMap(({ trouble }) => trouble ?? []), ...undoTroubles]);
  return casts;
}

/** Places the order of a case, lets its trouble happen, and waits for its end. `killed` resolves when the workers were. */
export async function play(stage: Stage, part: Cast, killed: Promise<void>): Promise<Played> {
  const { one, requestId, isbn } = part;
  const ending = orderEnds(stage, { ...orderOf(one, isbn), requestId }, policyFor(one));
  const playing = playTrouble(stage, part, { ending, killed });
  const [end, trouble] = await Promise.allSettled([ending, playing]);
  const troubled = [end, trouble].flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  return { ...part, outcome: end.status === 'fulfilled' ? end.value : undefined, troubled };
}

/** An order that does not end is given up after so long. */
const patienceMs = 180_000;

async function orderEnds(
  { shop }: Stage,
  order: ReturnType<typeof orderOf> & { readonly requestId: string },
  policy: OrderPolicy,
): Promise<Played['outcome']> {
  try {
    return await shop.client.withDeadline(Date.now() + patienceMs, () => shop.outcomeOf(order, policy));
  } catch (error) {
    if (/catalogue does not have/.test(String(error))) return 'refused';
    throw error;
  }
}

/**
 * Late is what goes on after its retry time and the hold that follows from it. A partner is late by seconds, and the
 * compensation has to come before it; what hangs at a gate has time to come there, and none for a second attempt.
 */
function policyFor(one: Case): OrderPolicy {
  const { tested, trouble, undo } = one;
  if (trouble === 'refused') return isSpoilt(tested, trouble) && undo !== 'none' ? policyOf() : nobodyHelps;
  if (trouble !== 'late') return policyOf();
  const retryTime: Duration = isDoneLate(one) ? '2 seconds' : `${longestAttempt(tested) - 1} seconds`;
  return { ...nobodyHelps, retryFor: { ...nobodyHelps.retryFor, [tested.command]: retryTime } };
}

interface Cues {
  readonly ending: Promise<unknown>;
  readonly killed: Promise<void>;
}

/** Whatever goes wrong in it, the gate is open at its end: nothing hangs for ever. */
async function playTrouble(stage: Stage, part: Cast, cues: Cues): Promise<void> {
  const { one, trouble } = part;
  if (isDoneLate(one)) return isTakenBack(stage, part, cues);
  if (!trouble) return;
  try {
    await stage.database.met(trouble, trouble.nth ?? 1);
    if (one.trouble === 'killed') await cues.killed;
    if (trouble.deed === 'fail-while-shut') await stage.database.met(trouble, 2);
    if (isSpoilt(one.tested, one.trouble)) await spoilAndLetOn(stage, part);
    await cancel(stage, part);
    // What goes on only after the end.
    if (trouble.deed === 'hang-and-fail' || one.trouble === 'late') await cues.ending;
  } finally {
    await stage.database.open(one.number);
  }
}

const isSpoilt = ({ command }: Case['tested'], trouble: Case['trouble']): boolean =>
  command === 'order-stock' && trouble === 'refused';

/** Who cancels it waits until it is held for its re-ordering. */
async function spoilAndLetOn(stage: Stage, part: Cast): Promise<void> {
  await spoil(stage, part);
  await stage.database.open(part.one.number);
  if (part.one.undo === 'none') return;
  const held = `SELECT FROM mediator_store.hold JOIN mediator_store.flow USING (order_id)
    WHERE request_id = $1 AND command = 'order-stock' AND hold.reason = 'fault'`;
  const isHeld = async () => (await stage.shop.sql(held, [part.requestId])).length > 0;
  await until(isHeld, { within: patienceMs, what: 'a hold for the re-ordering' });
}

/** The partner does it when the order has ended; whoever asked takes it back. */
async function isTakenBack({ shop }: Stage, { one, requestId }: Cast, { ending }: Cues): Promise<void> {
  await ending;
  const orderId = await orderIdOf(shop, requestId);
  const { cardGateway, carrier } = shop.rig;
  const taken = {
    'apply-payment': () => cardGateway.charges(orderId).length === 1 && cardGateway.balance(orderId) === 0,
    'ship-order': () => carrier.bookings(orderId).length === 1 && carrier.underWay(orderId).length === 0,
  } as const;
  const isBack = taken[one.tested.command as keyof typeof taken];
  await until(isBack, { within: 15_000, what: `what ${one.tested.command} did late to be taken back` });
}

async function spoil({ shop }: Stage, { requestId, isbn }: Cast): Promise<void> {
  await spoilSupplier(shop, await orderIdOf(shop, requestId), isbn);
}

async function orderIdOf({ sql }: Shop, requestId: string): Promise<string> {
  const rows = await sql<{ orderId: string }>(
    'SELECT order_id AS "orderId" FROM mediator_store.flow WHERE request_id = $1',
    [requestId],
  );
  return rows[0]?.orderId ?? '';
}

/** By whoever still can. Where nobody is to undo it, the customer's waits for the carrier, and comes too late. */
async function cancel(stage: Stage, part: Cast): Promise<void> {
  const { one, requestId } = part;
  const { shop, database } = stage;
  const order = { workflowId: orderWorkflowId(requestId) };
  const by = cancelledBy(one);
  if (one.undo === 'none') {
    if (one.trouble !== 'cancelled') return;
    const cancelling = refusalOf(act(shop, order, 'cancel', { reason: null }));
    await Promise.race([isAccepted(stage, part), cancelling]);
    await database.open(one.number);
    await cancelling;
  } else if (by === 'operator') await act(shop, order, 'cancel', { actor: 'Robin', reason: 'not wanted any more' });
  else if (by === 'customer') await act(shop, order, 'cancel', { reason: null });
}

/** Whether the workflow has taken the cancel in, besides the placing. */
async function isAccepted({ shop }: Stage, { requestId }: Cast): Promise<void> {
  const flow = shop.client.workflow.getHandle(orderWorkflowId(requestId));
  const updates = async () => {
    const { events } = await flow.fetchHistory();
    return events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length === 2;
  };
  await until(updates, { within: 30_000, what: "the customer's cancel to be accepted" });
}
