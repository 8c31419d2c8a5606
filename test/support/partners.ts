import type { Rig } from './rig.ts';

/** What partners do behind our back, as their own people would. */
async function post(url: string, path: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`The partner answered ${reply.status} to the test.`);
  return reply.json();
}

/** The gateway's people refund a part of the order's newest charge, or the customer's bank has won a dispute about it. */
export async function refundElsewhere(
  { cardGateway }: Pick<Rig, 'cardGateway'>,
  orderId: string,
  amount: number,
  how: 'refunds' | 'disputes' = 'refunds',
): Promise<void> {
  const charge = cardGateway.charges(orderId).at(-1);
  await post(cardGateway.url, `/dashboard/charges/${charge?.chargeId}/${how}`, { amount });
}

/** The supplier's people cancel what has not arrived of a purchase order. Answers with what has. */
export const cancelAtSupplier = ({ supplier }: Pick<Rig, 'supplier'>, purchaseOrderId: string): Promise<unknown> =>
  post(supplier.url, `/purchase-orders/${purchaseOrderId}/cancel`, {});
