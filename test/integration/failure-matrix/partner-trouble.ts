import { createHash } from 'node:crypto';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { commandRequestId } from '../../../contracts/ids.ts';
import type { Shop } from '../../support/shop.ts';
import type { Case } from './matrix.ts';

/** How long the gateway takes for `card_slow`, and the carrier for `1 Slow Street`: less than its caller waits, more than a compensation takes. */
export const slowMs = 7_500;

/** The customer to whom no mail can be sent. */
const unreachable = 'c-2';

const pieces = 2;

/** What every case's title has on hand at first, unless it is to be low. */
const plenty = 1_000;

/** Which card an order is paid with: the gateway's part of the trouble. */
export function cardOf({ tested, trouble, undo }: Case): string {
  if (tested.command === 'apply-payment' && trouble === 'refused') return 'card_denied';
  if (tested.command === 'apply-payment' && trouble === 'late' && undo === 'works') return 'card_slow';
  return undo === 'fails-twice' ? 'card_refund_flaky' : 'card_ok';
}

/** Where an order goes: the carrier's part of the trouble. */
export function streetOf({ tested, trouble, undo }: Case): string {
  if (tested.command !== 'ship-order') return '1 Harbour Street';
  if (trouble === 'late' && undo === 'works') return '1 Slow Street';
  if (trouble === 'after' && undo === 'none') return '1 Lost Answer Street';
  return trouble !== 'refused' && undo === 'fails-twice' ? '1 Flaky Recall Street' : '1 Harbour Street';
}

/** True when the partner does it after the compensation. */
export const isDoneLate = (one: Case): boolean => cardOf(one) === 'card_slow' || streetOf(one) === '1 Slow Street';

const isRefused = ({ tested, trouble }: Case, command: Case['tested']['command']): boolean =>
  trouble === 'refused' && tested.command === command;

/** What is ordered; every case has a title of its own. */
export function orderOf(one: Case, isbn: string): Partial<PlaceOrder> {
  const quantity = isRefused(one, 'adjust-inventory') ? plenty + 1 : pieces;
  const title = isRefused(one, 'create-order') ? '9999999999999' : isbn;
  const country = isRefused(one, 'ship-order') ? 'AQ' : 'DE';
  return {
    customerId: isRefused(one, 'email-customer') ? unreachable : 'c-1',
    lines: [{ isbn: title, quantity }],
    card: cardOf(one),
    shipTo: { name: 'Anna Lindqvist', street: streetOf(one), city: 'Hamburg', postcode: '20457', country },
  };
}

/** What a case's title has on hand at first: where stock is re-ordered, the order takes it down to the point where it is. */
export const onHandBefore = ({ tested }: Case, reorderPoint: number): number =>
  tested.command === 'order-stock' ? reorderPoint + pieces : plenty;

/** Gives every case a title and puts its stock right; answers with the titles by the case's number. */
export async function stockTitles({ sql }: Shop, cases: readonly Case[]): Promise<ReadonlyMap<number, string>> {
  const rules = await sql<{ isbn: string; point: number }>(
    'SELECT isbn, reorder_point AS point FROM warehouse.reorder_rule ORDER BY isbn',
  );
  const titles = new Map<number, string>();
  for (const [index, one] of cases.entries()) {
    const { isbn, point } = rules[index] as { isbn: string; point: number };
    titles.set(one.number, isbn);
    await sql('UPDATE inventory.stock SET on_hand = $2 WHERE isbn = $1', [isbn, onHandBefore(one, point)]);
    if (isRefused(one, 'fulfill-order')) await sql('DELETE FROM order_fulfillment.weight WHERE isbn = $1', [isbn]);
  }
  await sql(`UPDATE order_placement.customer SET email = ' ' WHERE customer_id = $1`, [unreachable]);
  return titles;
}

/** Lets the supplier know the order's purchase order with other content: it will say 409 to the true one. */
export async function spoilSupplier({ rig }: Shop, orderId: string, isbn: string): Promise<void> {
  const key = `${commandRequestId(orderId, 'order-stock', 1)}/${isbn}`;
  const purchaseOrderId = `po-${createHash('md5').update(key).digest('hex').slice(0, 20)}`;
  const body = JSON.stringify({ purchaseOrderId, isbn, quantity: 1 });
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(new URL('/purchase-orders', rig.supplier.url), { method: 'POST', headers, body });
  if (reply.status !== 201) throw new Error(`The supplier answered ${reply.status} to the test.`);
}
