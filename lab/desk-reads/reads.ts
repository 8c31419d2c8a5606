import { countOpenCases, listCases } from '../../app/reads/cases.ts';
import { changedSince, seenNow } from '../../app/reads/changes.ts';
import { countEvents, countWaiting } from '../../app/reads/events.ts';
import { recordedFacts } from '../../app/reads/facts.ts';
import { mailTable } from '../../app/reads/mails.ts';
import { actionsOf, addressOf, contentsOf } from '../../app/reads/order-details.ts';
import { countOrders } from '../../app/reads/order-filter.ts';
import { orderTable, type OrderTableQuery } from '../../app/reads/order-table.ts';
import { findOrder } from '../../app/reads/orders.ts';
import { countWaitingReturns, listReturns } from '../../app/reads/returns.ts';
import type { Database } from '../../prisma/database.ts';
import { filled } from './orders.ts';

/** A read that a page of the desk makes, by what it shows; `at` is another number at each call. */
export type Read = (at: number) => Promise<unknown>;

/** The reads of the pages. Those that are answered from a cache are `kept`: the desk reads them now and then only. */
export interface DeskReads {
  readonly each: Readonly<Record<string, Read>>;
  readonly kept: Readonly<Record<string, Read>>;
}

/** In a page of orders. */
const limit = 101;

/** The reads on this database; a place in the middle of the orders is found first. */
export async function readsOn(database: Database): Promise<DeskReads> {
  const page = (query: Partial<OrderTableQuery>) =>
    orderTable(database, { filter: {}, sort: 'newest', after: null, limit, ...query });
  const ids = await sampleOf(database);
  const id = (at: number): string => ids[at % ids.length]?.orderId ?? '';
  const [middle] = await orderTable(database, {
    filter: { q: 'request-50000' },
    sort: 'newest',
    after: null,
    limit: 1,
  });
  const seen = await seenNow(database);
  return {
    each: {
      'orders, first page': () => page({}),
      'orders, a page in the middle': () => page({ after: middle ?? null }),
      'orders by customer': () => page({ sort: 'customer' }),
      'orders that wait': () => page({ sort: 'waiting' }),
      'orders that are held': () => page({ filter: { state: 'held' } }),
      'orders held for stock': () => page({ filter: { holdReason: 'stock' } }),
      'orders of a customer': (at) => page({ filter: { q: `lab-${at % filled.customers}` } }),
      'orders by the beginning of an id': (at) => page({ filter: { q: id(at).slice(0, 8) } }),
      'one order: record': (at) => findOrder(database, id(at)),
      'one order: contents': (at) => contentsOf(database, id(at)),
      'one order: facts': (at) => recordedFacts(database, id(at)),
      'one order: actions': (at) => actionsOf(database, id(at)),
      'one order: address': (at) => addressOf(database, id(at)),
      'live changes': () => changedSince(database, seen, 1_000),
      'mails, first page': () => mailTable(database, { after: null, limit }),
      'mails of an order': (at) => mailTable(database, { q: id(at), after: null, limit }),
      'cases, first page': () => listCases(database, { limit }),
      'open cases': () => countOpenCases(database),
      returns: () => listReturns(database, { limit }),
      'waiting returns': () => countWaitingReturns(database),
      'rows that wait': () => countWaiting(database),
    },
    kept: {
      'orders counted': () => countOrders(database, {}, filled.orders + 1),
      'orders counted, completed': () => countOrders(database, { state: 'completed' }, filled.orders + 1),
      'events counted': () => countEvents(database),
    },
  };
}

const sampleOf = (database: Database) =>
  orderTable(database, { filter: {}, sort: 'customer', after: null, limit: 1_000 });
