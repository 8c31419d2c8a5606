import type { Planned } from './database-trouble.ts';
import { withPartner, type Case, type TestedCommand, type Trouble } from './matrix.ts';
import { cardOf, isDoneLate, streetOf } from './partner-trouble.ts';
import { commandRoutes } from '../../../contracts/command-routes.ts';

/** Where a command comes to: before it writes anything, when its partner has done its part, and when its commit is made. */
interface Places {
  readonly first: string;
  /** The same as `first` where there is no partner; `nth`: at which time. */
  readonly between: { readonly place: string; readonly nth: number };
  readonly commit: string;
}

/** The places of a command, as the database's side calls them. */
function placesOf({ command, kind }: TestedCommand): Places {
  const schema = commandRoutes[command].processor.replaceAll('-', '_');
  if (kind) {
    const [first, mark] = [`${schema}.claim ${kind}`, `${schema}.mark ${kind}`];
    return { first, between: { place: mark, nth: 1 }, commit: mark };
  }
  const commit = `${schema}.commit ${command}`;
  if (command === 'order-stock') {
    return { first: `${schema}.purchase_order`, between: { place: `${schema}.answer ${command}`, nth: 1 }, commit };
  }
  // Charges and bookings pass the guard twice: before the partner is asked, and after.
  const guard = `${schema}.guard`;
  return { first: guard, between: { place: guard, nth: withPartner.includes(command) ? 2 : 1 }, commit };
}

/** The trouble at the command itself; undefined when it comes from a partner. */
export function troubleOf(one: Case, requestId: string): Planned | undefined {
  const what = whatAndWhere[one.trouble](one, placesOf(one.tested));
  return what && { requestId, gate: one.number, ...what };
}

type WhatAndWhere = Omit<Planned, 'requestId' | 'gate'> | undefined;

const whatAndWhere: { readonly [Name in Trouble]: (one: Case, places: Places) => WhatAndWhere } = {
  refused({ tested, undo }, { first }) {
    // A mail that is refused does not undo the order: a cancel does, while the mail is under way.
    if (tested.kind) return undo === 'none' ? undefined : { place: first, deed: 'hang' };
    // The supplier has to be spoilt before it is asked: the order is stopped in step 2.
    return tested.command === 'order-stock' ? { place: 'inventory.guard', deed: 'hang' } : undefined;
  },
  after: (one, { commit }) =>
    streetOf(one) === '1 Lost Answer Street'
      ? undefined
      : { place: commit, deed: 'sleep', seconds: longestAttempt(one.tested) + 1 },
  before: ({ tested }, { first }) => ({ place: first, deed: tested.kind ? 'fail-while-shut' : 'hang-and-fail' }),
  late: (one, { between }) => (isDoneLate(one) ? undefined : { ...between, deed: 'hang' }),
  // A second attempt would go on before the kill, which waits until all of them hang.
  killed: (_, { between }) => ({ ...between, deed: 'hang-each-time' }),
  cancelled: (_, { first }) => ({ place: first, deed: 'hang' }),
};

/** In seconds. */
export const longestAttempt = ({ command }: TestedCommand): number =>
  Number.parseInt(commandRoutes[command].startToClose, 10);

/** Compensating commands and where they write. */
const undoPlaces = {
  'cancel-order': 'order_placement',
  'refund-payment': 'payment',
  'release-inventory': 'inventory',
  'unpack-order': 'order_fulfillment',
  'recall-shipment': 'shipping',
} as const;

type PartnerUndo = 'refund-payment' | 'recall-shipment';

const failingPartner: { readonly [Name in PartnerUndo]: (one: Case) => boolean } = {
  'refund-payment': (one) => cardOf(one) === 'card_refund_flaky',
  'recall-shipment': (one) => streetOf(one) === '1 Flaky Recall Street',
};

/** Each undo fails twice: first at its tombstone, then, behind it, at its answer. Where the partner refuses to take back, that is enough. */
export function undoTroubleOf(one: Case, requestId: string): readonly Planned[] {
  if (one.undo !== 'fails-twice') return [];
  const at = { requestId, gate: one.number, deed: 'fail' } as const;
  return Object.entries(undoPlaces)
    .filter(([command]) => !(command in failingPartner && failingPartner[command as PartnerUndo](one)))
    .flatMap(([command, schema]) => [
      { ...at, place: `${schema}.tombstone` },
      { ...at, place: `${schema}.answer ${command}` },
    ]);
}
