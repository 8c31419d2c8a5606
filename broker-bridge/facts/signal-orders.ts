import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { orderMediator } from '../../contracts/mediators/order-mediator.ts';
import { answeredInTime } from '../waiting.ts';
import type { OrdersMessage } from './listener.ts';

/** The workflows of a customer's orders that have not ended. */
export type OpenOrders = (customerId: string) => Promise<readonly string[]>;

/**
 * Signals every open order of the customer, at least once. Rejects when one of them has not taken it: an order whose
 * workflow was lost takes it when the reconciler has started it again. One that ends meanwhile does not need it.
 */
export async function signalOrders(
  temporal: Client,
  openOrders: OpenOrders,
  { name, customerId, content }: OrdersMessage,
): Promise<void> {
  const signal = signals[name];
  const missed: string[] = [];
  for (const workflowId of await openOrders(customerId)) {
    const handle = temporal.workflow.getHandle(workflowId);
    await answeredInTime(temporal, () => handle.signal(signal, content)).catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      missed.push(workflowId);
    });
  }
  if (missed.length === 0) return;
  const open = await openOrders(customerId);
  const lost = missed.filter((workflowId) => open.includes(workflowId));
  if (lost.length > 0) throw new Error(`These orders are open and have no workflow to signal: ${lost.join(', ')}.`);
}

const signals: { readonly [Name in OrdersMessage['name']]: string } = { suspected: orderMediator.suspectedSignal };
