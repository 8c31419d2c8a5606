import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { actOnOrder } from '../../../app/act-on-order.ts';
import { readOrder } from '../../../app/orders.ts';
import type { Sources } from '../../../app/sources.ts';
import { possibleActions } from '../../../contracts/mediators/order-rules.ts';
import { countOrders, estimateOrders } from '../../../app/reads/order-filter.ts';
import { orderTable, type OrderTableRow, type OrderPlace } from '../../../app/reads/order-table.ts';
import { recordedFacts } from '../../../app/reads/facts.ts';
import type { OrderFilter, OrderRow, OrderSort } from '../../../contracts/views.ts';
import type { OrderDetails, OrderPage } from '../api/orders.ts';
import { fromCursor, microsecondInstant, pageOf, lookedFor } from '../input.ts';
import type { Orders } from '../ports.ts';
import { timelineOf } from './timeline.ts';

/** An action is answered within this time, or it is not known. */
const orderDeadlineMs = 10_000;
/** Counting stops there, and a count is kept for so long. */
const mostCounted = 100_000;
const countedForMs = 5_000;

/** The orders, from the mediator store and from their mediators. */
export function createOrders(sources: Sources): Orders {
  const total = totalKeeper(sources);
  return {
    async page({ sort = 'newest', cursor, limit = 100, ...filter }) {
      const after = cursor === undefined ? null : placeIn(cursor, sort);
      const [lines, counted] = await Promise.all([
        orderTable(sources.database, { filter, sort, after, limit: limit + 1 }),
        total(filter, sort),
      ]);
      const { rows, next } = pageOf(lines, limit, ({ receivedAt, requestId, customerId, heldSince, holdId }) => {
        return { sort, receivedAt, requestId, customerId, heldSince, holdId };
      });
      return { orders: rows.map(orderRow), next, total: counted };
    },
    one: (orderId) => orderDetails(sources, orderId),
    act({ orderId, name, action, updateId = `act-${randomUUID()}` }) {
      return actOnOrder({ sources, orderId, name, action, updateId, deadlineMs: orderDeadlineMs });
    },
  };
}

const orderPlaceSchema = z.strictObject({
  sort: z.string(),
  receivedAt: microsecondInstant,
  requestId: lookedFor(64),
  customerId: lookedFor(64),
  heldSince: microsecondInstant.nullable(),
  holdId: lookedFor(300).nullable(),
});

/** A cursor of another sort order is refused. */
const placeIn = (cursor: string, sort: OrderSort): OrderPlace =>
  fromCursor(
    orderPlaceSchema.refine((given) => given.sort === sort),
    cursor,
  );

function orderRow(of: OrderTableRow): OrderRow {
  const { holdId: _, ...row } = of;
  return row;
}

type Total = OrderPage['total'];

/** Caches totals, so that scrolling through many pages counts once. */
function totalKeeper({ database }: Sources): (filter: OrderFilter, sort: OrderSort) => Promise<Total> {
  const kept = new Map<string, { readonly at: number; readonly total: Promise<Total> }>();
  const count = async (filter: OrderFilter): Promise<Total> => {
    const isAll = Object.keys(filter).length === 0;
    const estimate = isAll ? await estimateOrders(database) : 0;
    if (estimate > mostCounted) return { count: estimate, isExact: false };
    const counted = await countOrders(database, filter, mostCounted + 1);
    return counted > mostCounted ? { count: mostCounted, isExact: false } : { count: counted, isExact: true };
  };
  return (filter, sort) => {
    const wanted: OrderFilter = sort === 'waiting' && !filter.state ? { ...filter, state: 'held' } : filter;
    const key = JSON.stringify([wanted.state, wanted.holdReason, wanted.q]);
    const known = kept.get(key);
    if (known && Date.now() - known.at < countedForMs) return known.total;
    if (kept.size > 100) kept.clear();
    const total = count(wanted);
    total.catch(() => kept.delete(key));
    kept.set(key, { at: Date.now(), total });
    return total;
  };
}

/** At the desk every actor is an operator: the name makes no difference to the rules. */
const anOperator = 'the desk';

/** Facts come from the outbox, as young as the live events, and older ones from the listener that keeps them. */
async function orderDetails(sources: Sources, orderId: string): Promise<OrderDetails> {
  const [{ value, note = null }, recorded] = await Promise.all([
    readOrder(sources, orderId),
    recordedFacts(sources.database, orderId),
  ]);
  const { facts: received, actions: _, ...order } = value;
  const facts = [...new Map([...received, ...recorded].map((fact) => [fact.sequence, fact])).values()];
  const possible = possibleActions({ ...order, shipment: order.shipment ?? undefined }, anOperator);
  return { order, note, possible, timeline: timelineOf({ ...value, facts }) };
}
