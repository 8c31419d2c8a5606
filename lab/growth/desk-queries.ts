import { actionsOf, contentsOf } from '../../app/reads/order-details.ts';
import { recordedFacts } from '../../app/reads/facts.ts';
import { findOrder, heldOrders } from '../../app/reads/orders.ts';
import { orderTable } from '../../app/reads/order-table.ts';
import { millisecondsOf } from '../kit/in-turns.ts';
import { quantile } from '../kit/spread.ts';
import type { LabShop } from '../open-shop.ts';

/** Milliseconds of the desk's reads, by the page that makes them. */
export interface DeskTimes {
  readonly newest: number;
  readonly waiting: number;
  readonly held: number;
  readonly search: number;
  readonly order: number;
  /** The slow end of all of them together. */
  readonly p99: number;
}

const times = 25;
const limit = 50;

/** Makes the desk's reads again and again, in turns, and gives the middle of each. */
export async function deskTimes({ database }: LabShop, orderIds: readonly string[]): Promise<DeskTimes> {
  const page = { after: null, limit };
  const idAt = (at: number): string => orderIds[(at * 7_919) % orderIds.length] ?? '';
  const reads: Readonly<Record<keyof Omit<DeskTimes, 'p99'>, (at: number) => Promise<unknown>>> = {
    newest: () => orderTable(database, { filter: {}, sort: 'newest', ...page }),
    waiting: () => orderTable(database, { filter: { holdReason: 'payment' }, sort: 'waiting', ...page }),
    held: () => heldOrders(database, { limit }),
    search: (at) => orderTable(database, { filter: { q: idAt(at).slice(0, 8) }, sort: 'newest', ...page }),
    order: async (at) => {
      const of = idAt(at);
      await Promise.all([
        findOrder(database, of),
        contentsOf(database, of),
        recordedFacts(database, of),
        actionsOf(database, of),
      ]);
    },
  };
  const took: Record<string, number[]> = {};
  for (let at = -3; at < times; at += 1)
    for (const [name, read] of Object.entries(reads)) {
      const milliseconds = await millisecondsOf(() => read(at + 3));
      if (at >= 0) (took[name] ??= []).push(milliseconds); // the first ones plan the statements
    }
  const middle = (name: string): number => quantile(took[name] ?? [], 0.5);
  return {
    newest: middle('newest'),
    waiting: middle('waiting'),
    held: middle('held'),
    search: middle('search'),
    order: middle('order'),
    p99: quantile(Object.values(took).flat(), 0.99),
  };
}
