import { readOrderStatus } from '../../app/orders.ts';
import { median } from '../kit/spread.ts';
import type { Side } from './sides.ts';
import { isMediated } from './trouble.ts';

/** The answer to "where is my order?". */
export interface Whereabouts {
  readonly answer: string;
  /** Parts of the system that have to be asked. */
  readonly asked: number;
  /** Median of some asks. */
  readonly ms: number;
}

const asks = 20;

/** Asks for an order that waits for its payment, as the side can be asked. */
export async function whereIs(side: Side, orderId: string): Promise<Whereabouts> {
  const ask = isMediated(side) ? askMediator : askProcessors;
  const took: number[] = [];
  let found = { answer: '', asked: 0 };
  for (let time = 0; time < asks; time += 1) {
    const begun = performance.now();
    found = await ask(side, orderId);
    took.push(performance.now() - begun);
  }
  return { ...found, ms: median(took) };
}

/** The desk's own question: the mediator says the state, and what the order waits for. */
async function askMediator({ shop }: Side, orderId: string): Promise<Omit<Whereabouts, 'ms'>> {
  const { state, step, holds } = await readOrderStatus({ database: shop.database, client: shop.client }, orderId);
  const waits = holds.map(({ reason, command, deadline }) => `${command} (${reason}) until ${deadline ?? 'for ever'}`);
  return { answer: `${state}, in step ${step}, waits for ${waits.join(', ') || 'nothing'}`, asked: 1 };
}

/** A question to each processor's own tables: where they are apart, that is seven questions to seven owners. */
const questions: Readonly<Record<string, string>> = {
  'order placement': `SELECT count(*)::text AS said FROM order_placement.placed_order WHERE order_id = $1`,
  payment: `SELECT string_agg(state, ', ') AS said FROM payment.charge WHERE order_id = $1`,
  inventory: `SELECT sum(quantity)::text AS said FROM inventory.taken WHERE order_id = $1 AND released_at IS NULL`,
  'order fulfillment': `SELECT nullif(count(*), 0)::text AS said FROM order_fulfillment.parcel WHERE order_id = $1`,
  warehouse: `SELECT nullif(count(*), 0)::text AS said FROM warehouse.purchase_order WHERE order_id = $1`,
  shipping: `SELECT string_agg(tracking_number, ', ') AS said FROM shipping.shipment WHERE order_id = $1`,
  notification: `SELECT string_agg(kind, ', ') AS said FROM notification.mail WHERE order_id = $1 AND sent_at IS NOT NULL`,
};

/** What has happened, put together; what comes next, and if it comes, stands in no table. */
async function askProcessors({ shop }: Side, orderId: string): Promise<Omit<Whereabouts, 'ms'>> {
  const said: string[] = [];
  for (const [processor, question] of Object.entries(questions)) {
    const { rows } = await shop.sql.query<{ said: string | null }>(question, [orderId]);
    said.push(`${processor}: ${rows[0]?.said ?? 'nothing'}`);
  }
  return { answer: said.join('; '), asked: said.length };
}
