import type { Client } from '@temporalio/client';
import type { OrderStatus } from '../contracts/outside/ask.ts';
import type { OrderState } from '../contracts/mediators/order-mediator.ts';
import { actionsOf, contentsOf } from './reads/order-details.ts';
import { findOrder, listOrders, type OrderRecord } from './reads/orders.ts';
import { timelineOf } from './reads/facts.ts';
import type { OrderSummary, OrderView } from '../contracts/views.ts';
import { hasEnded, summaryOf, viewOf } from './order-view.ts';
import { askProgress, type Asked } from './progress.ts';
import { AppError } from './app-error.ts';
import type { Sources } from './sources.ts';

/** An answer, with a note when it is incomplete. */
export interface Read<T> {
  readonly value: T;
  /** One sentence when mediators were silent, so that the answer has only the rows of the mediator store. */
  readonly note: string | undefined;
}

/** The mediator store's row of an order. Throws `AppError` when there is none. */
export async function keptOrder(on: Sources['database'], orderId: string): Promise<OrderRecord> {
  const kept = await findOrder(on, orderId);
  if (!kept) throw new AppError('not-found', `There is no order ${orderId}.`);
  return kept;
}

/** One order with its steps, its facts, its actions and its contents. */
export async function readOrder({ database, client }: Sources, orderId: string): Promise<Read<OrderView>> {
  const kept = await keptOrder(database, orderId);
  const [asked, facts, actions, contents] = await Promise.all([
    askUnlessEnded(client, kept),
    timelineOf(database, orderId),
    actionsOf(database, orderId),
    contentsOf(database, orderId),
  ]);
  const progress = asked?.answer === 'progress' ? asked.progress : undefined;
  return { value: viewOf(kept, progress, { facts, actions, contents }), note: asked && noteOn([asked]) };
}

/** An order as it is now, without names, addresses, steps and facts. */
export async function readOrderStatus({ database, client }: Sources, orderId: string): Promise<OrderStatus> {
  const kept = await keptOrder(database, orderId);
  const [asked, { shipment }] = await Promise.all([askUnlessEnded(client, kept), contentsOf(database, orderId)]);
  const progress = asked?.answer === 'progress' ? asked.progress : undefined;
  const reason = hasEnded(kept) ? kept.reason : (progress?.reason ?? kept.reason);
  return { ...summaryOf(kept, progress), reason, shipment, note: (asked && noteOn([asked])) ?? null };
}

/** The newest orders, at most `limit`, of one state or of all. */
export async function readOrders(
  { database, client }: Sources,
  { limit, state }: { readonly limit: number; readonly state?: OrderState },
): Promise<Read<readonly OrderSummary[]>> {
  const kept = await listOrders(database, state === undefined ? { limit } : { limit, state });
  const asked = await Promise.all(inTurn(kept, 20, (order) => askUnlessEnded(client, order)));
  const summaries = kept.map((order, index) => {
    const answer = asked[index];
    return summaryOf(order, answer?.answer === 'progress' ? answer.progress : undefined);
  });
  // An order may have left the state since the mediator store was read. The mediator's answer counts.
  const value = summaries.filter((order) => state === undefined || order.state === state);
  return { value, note: noteOn(asked) };
}

const askUnlessEnded = async (client: Client, kept: OrderRecord): Promise<Asked | undefined> =>
  hasEnded(kept) ? undefined : askProgress(client, kept.workflowId);

/**
 * Starts the work of each item when the one `width` places before it is done, so that no more than `width` are under
 * way.
 */
function inTurn<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): readonly Promise<R>[] {
  const started: Promise<R>[] = [];
  for (const item of items) {
    const before = started[started.length - width];
    started.push(before ? before.then(() => work(item)) : work(item));
  }
  return started;
}

function noteOn(asked: readonly (Asked | undefined)[]): string | undefined {
  const silent = asked.filter((answer) => answer?.answer === 'silent').length;
  const unknown = asked.filter((answer) => answer?.answer === 'unknown').length;
  const parts = [
    ...(silent > 0 ? [`the mediator of ${silent} did not answer`] : []),
    ...(unknown > 0 ? [`Temporal does not have the flow of ${unknown}, which the reconciler carries on`] : []),
  ];
  return parts.length > 0
    ? `Of the open orders shown, ${parts.join(', and ')}; the mediator store speaks for them.`
    : undefined;
}
