import { placeOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { processorNames, type ProcessorName } from '../../contracts/command-routes.ts';
import type { OrderPolicy } from '../../contracts/mediators/order-policy.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import { launchWorker } from '../../test/support/rig/worker.ts';
import { beginOrder, launchProcessors, prepareTopology } from '../broker-topology/launch.ts';
import { withLabShop, type LabShop } from '../open-shop.ts';
import { Crew, type Launch } from './crew.ts';

/** The ways of doing the same orders that are compared. */
export const sideNames = ['mediator', 'hybrid', 'broker'] as const;

export type SideName = (typeof sideNames)[number];

/** One topology at work, in a shop of its own. */
export interface Side {
  readonly name: SideName;
  readonly shop: LabShop;
  /** Our own processes. */
  readonly crew: Crew;
  /** The servers of the shop. */
  readonly serverPids: readonly number[];
  /**
   * Resolves with the order id when the order is accepted: by the mediator after step 1, by the broker topology when
   * the initiating event is on disk.
   */
  place(order: PlaceOrder, policy?: OrderPolicy): Promise<string>;
}

/** Payment has a process of its own on every side, so that it can be dead alone. */
const others = processorNames.filter((name) => name !== 'payment');

/** The processes of each side. The mediator alone broadcasts nothing; the hybrid is what `npm start` runs. */
const crewOf = (shop: LabShop): Readonly<Record<SideName, Readonly<Record<string, Launch>>>> => {
  const worker = (names: readonly string[]) => () => launchWorker(names, shop.env, shop.folder, shop.build);
  const hearing = (names: readonly ProcessorName[]) => () => launchProcessors(names, shop.env, shop.folder, shop.build);
  const mediated = {
    'order-mediator': worker(['order-mediator']),
    payment: worker(['payment']),
    'other processors': worker(others),
  };
  return {
    mediator: mediated,
    hybrid: { ...mediated, relay: worker(['relay']), listeners: worker(['listeners']) },
    broker: { payment: hearing(['payment']), 'other processors': hearing(others), relay: worker(['relay']) },
  };
};

/** Puts a side into its shop; the measurement's orders never run out of stock. */
async function openSide(name: SideName, shop: LabShop): Promise<Side> {
  const serverPids = shop.processes.map(({ pid }) => pid);
  await shop.sql.query('UPDATE inventory.stock SET on_hand = 1000000');
  if (name === 'broker') await prepareTopology(shop.env['DATABASE_URL'] ?? '', shop.broker, shop.build);
  const crew = new Crew(crewOf(shop)[name]);
  shop.onClose(() => crew.stop());
  await crew.start();
  return { name, shop, crew, serverPids, place: placing(name, shop) };
}

const placing =
  (name: SideName, { broker, client }: LabShop): Side['place'] =>
  async (event, policy = loadOrderPolicy({})) => {
    if (name === 'broker') return beginOrder(broker, event);
    return (await placeOrder({ client, event, policy, deadlineMs: 120_000 })).orderId;
  };

/** Opens these sides one after the other, each in a shop of its own, does the work, and closes them all. */
export function withSides<Result>(
  names: readonly SideName[],
  work: (sides: readonly Side[]) => Promise<Result>,
): Promise<Result> {
  const [name, ...rest] = names;
  if (name === undefined) return work([]);
  return withLabShop([], async (shop) => {
    const side = await openSide(name, shop);
    return withSides(rest, (sides) => work([side, ...sides]));
  });
}
