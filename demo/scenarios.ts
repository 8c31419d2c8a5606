import type { FactName } from '../contracts/facts.ts';
import type { OrderActions } from '../contracts/mediators/order-actions.ts';
import type { OrderLine, PlaceOrder } from '../contracts/place-order.ts';

/** The help for a hold: an action on the order, and the command line that would do the same. */
export type Help = {
  [Name in 'pay' | 'cancel']: { readonly name: Name; readonly action: OrderActions[Name]; readonly typed: string };
}['pay' | 'cancel'];

/** One order of the demo: the request, and the end it must reach. */
export interface Scenario {
  readonly name: string;
  /** One sentence about the point of the scenario. */
  readonly about: string;
  readonly order: Omit<PlaceOrder, 'requestId'>;
  /** The number of times that the same request is made at once. */
  readonly timesAsked: number;
  /**
   * Data to put into the customer-event queue in place of the order's own. Under one request id it is one event,
   * however often the demo is played.
   */
  readonly queuedWith?: object;
  /** The action that is done when the order is held, for any reason. */
  readonly help?: Help;
  readonly ends: 'completed' | 'cancelled' | 'refused' | 'on the desk';
  /** The facts that must be broadcast about the order, each as often as it is listed here. */
  readonly facts: readonly FactName[];
  /** Facts that depend on the shop's stock at the time. */
  readonly mayAlso: readonly FactName[];
  /** A sentence for the case that none of those facts came. */
  readonly otherwise?: string;
}

const shipTo = {
  name: 'Kim Example',
  street: '1 Example Street',
  city: 'Bergen',
  postcode: '5003',
  country: 'NO',
} as const;

const orderOf = (lines: readonly OrderLine[], card = 'card_ok'): Scenario['order'] => ({
  customerId: 'c-1',
  lines,
  card,
  shipTo,
  currency: 'EUR',
});

const effectiveJava = { isbn: '9780134685991', quantity: 1 };
const cleanCode = { isbn: '9780132350884', quantity: 2 };
const designPatterns = { isbn: '9780201633610', quantity: 1 };
/** This title is near its reorder point in the seeded catalogue. */
const nearlyLow = { isbn: '9781449373320', quantity: 4 };
/** A valid ISBN that the catalogue does not have. */
const unknownTitle = { isbn: '9780000000002', quantity: 1 };

const completed: readonly FactName[] = [
  'order-created',
  'email-sent',
  'payment-applied',
  'inventory-updated',
  'order-fulfilled',
  'order-shipped',
  'email-sent',
  'email-sent',
  'order-completed',
];

/** The scenarios of the demo, in their order. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'completed',
    about: 'one title, paid and shipped in five steps',
    order: orderOf([effectiveJava]),
    timesAsked: 1,
    ends: 'completed',
    facts: completed,
    mayAlso: ['stock-low', 'stock-ordered'],
  },
  {
    name: 'several titles',
    about: 'three titles, one of them near its reorder point, so that the warehouse re-orders it',
    order: orderOf([cleanCode, designPatterns, nearlyLow]),
    timesAsked: 1,
    ends: 'completed',
    facts: completed,
    mayAlso: ['stock-low', 'stock-ordered'],
    otherwise: 'nothing was re-ordered this time: what an earlier run ordered has come in, or is on its way',
  },
  {
    name: 'card refused',
    about:
      'the bank says no: the order is held, the customer is asked for another card, pays with it, and it goes on from there',
    order: orderOf([effectiveJava], 'card_denied'),
    timesAsked: 1,
    help: { name: 'pay', action: { card: 'card_ok', actor: null }, typed: 'pay ORDER --card card_ok' },
    ends: 'completed',
    facts: [...completed, 'payment-denied', 'order-held', 'email-sent', 'order-resumed'],
    mayAlso: ['stock-low', 'stock-ordered'],
  },
  {
    name: 'cancelled while held',
    about: 'the card has expired and the customer thinks better of it: what was done is undone, newest first',
    order: orderOf([effectiveJava], 'card_expired'),
    timesAsked: 1,
    help: { name: 'cancel', action: { reason: null, actor: null }, typed: 'cancel ORDER' },
    ends: 'cancelled',
    facts: [
      'order-created',
      'email-sent',
      'payment-denied',
      'inventory-updated',
      'order-held',
      'email-sent',
      'inventory-released',
      'order-cancelled',
      'email-sent',
    ],
    mayAlso: [],
  },
  {
    name: 'same request twice',
    about: 'asked twice at once under one request id: one order, one charge',
    order: orderOf([effectiveJava]),
    timesAsked: 2,
    ends: 'completed',
    facts: completed,
    mayAlso: ['stock-low', 'stock-ordered'],
  },
  {
    name: 'queued',
    about: 'a web shop puts the order into the customer-event queue, and does not wait for anybody',
    order: orderOf([effectiveJava]),
    timesAsked: 1,
    queuedWith: {},
    ends: 'completed',
    facts: completed,
    mayAlso: ['stock-low', 'stock-ordered'],
  },
  {
    name: 'queued, repaired',
    about:
      'the same from an older shop, with "2 EACH" for a quantity and a country by its name: rules repair it, and it goes through the queue again',
    order: orderOf([effectiveJava]),
    timesAsked: 1,
    queuedWith: {
      lines: [{ isbn: effectiveJava.isbn, quantity: '2 EACH' }],
      shipTo: { ...shipTo, country: 'Norway' },
    },
    ends: 'completed',
    facts: completed,
    mayAlso: ['stock-low', 'stock-ordered'],
  },
  {
    name: 'for the desk',
    about:
      'a queued order for "a few" of a title: no rule invents what that means, so its case waits for a person, and nobody else waits for it',
    order: { ...orderOf([effectiveJava]), customerId: 'c-24' },
    timesAsked: 1,
    queuedWith: { requestId: 'demo-for-the-desk', lines: [{ isbn: effectiveJava.isbn, quantity: 'a few' }] },
    ends: 'on the desk',
    facts: [],
    mayAlso: [],
  },
  {
    name: 'unknown title',
    about: 'the catalogue does not have it: refused at step 1, nothing is kept',
    order: orderOf([unknownTitle]),
    timesAsked: 1,
    ends: 'refused',
    facts: [],
    mayAlso: [],
  },
];
