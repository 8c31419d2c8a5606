import { cloudEventHeaders } from './cloud-events.ts';
import type { FactBodies } from './fact-bodies.ts';

/** The name of a fact. */
export type FactName = keyof FactBodies;

/**
 * The subject area of a fact. An area is called after what its keys are: order ids, ISBNs, customer ids, ids of
 * webhooks.
 */
export type FactArea = 'orders' | 'stock' | 'customers' | 'webhooks';

/** The area of every fact: `<area>.fact.<fact-name>.<key>` is its subject. */
export const factAreas: { readonly [Name in FactName]: FactArea } = {
  'order-created': 'orders',
  'order-held': 'orders',
  'order-resumed': 'orders',
  'order-amended': 'orders',
  'order-cancelled': 'orders',
  'order-completed': 'orders',
  'order-restored': 'orders',
  'return-opened': 'orders',
  'return-closed': 'orders',
  'customer-created': 'customers',
  'customer-address-changed': 'customers',
  'customer-emailed': 'customers',
  'event-refused': 'customers',
  'request-refused': 'customers',
  'fraud-suspected': 'customers',
  'email-sent': 'orders',
  'email-refused': 'orders',
  'customer-email-refused': 'customers',
  'email-bounced': 'orders',
  'customer-email-bounced': 'customers',
  'customer-email-changed': 'customers',
  'customer-marked-unreachable': 'customers',
  'payment-applied': 'orders',
  'payment-denied': 'orders',
  'payment-refunded': 'orders',
  'inventory-updated': 'orders',
  'inventory-denied': 'orders',
  'inventory-released': 'orders',
  'inventory-restocked': 'orders',
  'order-fulfilled': 'orders',
  'packing-denied': 'orders',
  'order-unpacked': 'orders',
  'order-shipped': 'orders',
  'shipment-denied': 'orders',
  'shipment-recalled': 'orders',
  'stock-low': 'stock',
  'stock-ordered': 'stock',
  'stock-replenished': 'stock',
  'price-changed': 'stock',
  'webhook-switched-off': 'webhooks',
};

/**
 * The sources of facts, as `ce-source` names them: one for each outbox, since a key is counted in each by itself. The
 * second is that of a payment processor with a database of its own (docs/adr/0034-payment-as-a-quantum-of-its-own.md).
 */
export const factSources = ['order-mediator', 'order-mediator/payment'] as const;

export type FactSource = (typeof factSources)[number];

/** The source of the facts in the database that all have in common. */
export const factSource: FactSource = factSources[0];

/** True for a source of facts. */
export const isFactSource = (text: string): text is FactSource => (factSources as readonly string[]).includes(text);

/**
 * A fact as a listener receives it. Facts of one key from one source carry the sequence 1, 2, 3 … without gaps, within
 * an epoch.
 */
export interface Fact<Name extends FactName = FactName> {
  /** The fact's id, a UUID; also its NATS message id. */
  readonly id: string;
  readonly name: Name;
  readonly area: FactArea;
  readonly source: FactSource;
  /** The id of its subject: order id, ISBN, customer id or webhook. */
  readonly key: string;
  /** The version of its body's schema. A newer one has more fields, and none that are missing or changed. */
  readonly version: number;
  /** 1 at first. It rises when the shop's data was restored from a backup; each key begins at 1 again then. */
  readonly epoch: number;
  /** 1, 2, 3 … within the source, the key and the epoch. */
  readonly sequence: number;
  /** The instant it happened at, ISO 8601 in UTC. */
  readonly time: string;
  /** The request that it belongs to: the one that the order, return or event came with. Null when it has none. */
  readonly correlationId: string | null;
  /** The id of the command or the fact that caused it. Null when it is not known. */
  readonly causationId: string | null;
  readonly body: FactBodies[Name];
}

/** The JetStream stream that holds every fact for 30 days, and the subjects it takes. */
export const factStream = {
  name: 'FACTS',
  subjects: ['orders.fact.>', 'stock.fact.>', 'customers.fact.>', 'webhooks.fact.>'],
  maxAgeDays: 30,
} as const;

/** The subject a fact is broadcast on; see `subjectToken`. */
export const factSubject = (fact: { readonly [Part in 'name' | 'area' | 'key']: string }): string =>
  `${fact.area}.fact.${fact.name}.${subjectToken(fact.key)}`;

/**
 * A key as one token of a subject: letters, digits, `-` and `_` stand for themselves, every other byte of its UTF-8 is
 * `%XX`, so that `anna.b` is `anna%2Eb`. `ce-partitionkey` has the key as it is. Throws a `URIError` for half a
 * character.
 */
export const subjectToken = (key: string): string =>
  encodeURIComponent(key).replace(/[.!~*'()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** True for the id of a fact, a UUID. */
export const isFactId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** True for an epoch or a place within it, as a header says it. */
export const isFactSequence = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text);

/**
 * The headers of a fact: those of CloudEvents, its place within the key, and the correlation extension. The place has
 * headers of our own, because the extension `sequence` counts per source, and as text.
 */
export const factHeaders = {
  ...cloudEventHeaders,
  subject: 'ce-subject',
  epoch: 'ce-keyepoch',
  sequence: 'ce-keysequence',
  correlationId: 'ce-correlationid',
  causationId: 'ce-causationid',
} as const;
