import type { RefusalType, ShortTitle } from './failures.ts';
import type { InitiatingEventName } from './initiating-events.ts';
import type { HoldReason } from './mediators/holds.ts';
import type { CustomerMailKind, OrderMailKind, ReturnMailKind } from './notification.ts';
import type { Money } from './money.ts';
import type { OrderLine } from './place-order.ts';
import type { OrderOutcomeName, OrderState } from './mediators/order-mediator.ts';
import type { Packed } from './order-fulfillment.ts';
import type { PricedLine } from './order-placement.ts';
import type { ReorderedBy, ToldLevel } from './inventory.ts';
import type { ReturnOutcomeName } from './mediators/returns.ts';

/**
 * The bodies of all facts, by name. Names are in the past tense; a fact may be ignored. No body holds a card token, a
 * mail address or the text of a mail.
 */
export interface FactBodies {
  'order-created': { orderId: string; customerId: string; country: string; lines: readonly PricedLine[]; total: Money };
  'order-held': { orderId: string; reason: HoldReason; step: number; command: string; deadline: string | null };
  'order-resumed': { orderId: string; reason: HoldReason; step: number; command: string; by: string };
  'order-amended': { orderId: string; country: string; lines: readonly PricedLine[]; total: Money };
  'order-cancelled': { orderId: string; reason: string };
  'order-completed': { orderId: string; outcome: OrderOutcomeName };
  'order-restored': {
    orderId: string;
    state: OrderState | 'unknown';
    holds: readonly HoldReason[];
    facts: readonly string[];
    shipment: { carrier: string; trackingNumber: string } | null;
  };
  'return-opened': { orderId: string; returnId: string; lines: readonly OrderLine[] };
  'return-closed': { orderId: string; returnId: string; outcome: ReturnOutcomeName; lines: readonly OrderLine[] };
  'customer-created': { customerId: string };
  'customer-address-changed': { customerId: string; country: string };
  'customer-emailed': { customerId: string; kind: CustomerMailKind };
  'event-refused': {
    customerId: string;
    name: string;
    source: string;
    id: string;
    reason: RefusalType;
    caseId: string;
  };
  'request-refused': { customerId: string; name: RequestName; requestId: string; reason: RefusalType };
  'fraud-suspected': {
    customerId: string;
    orderIds: readonly string[];
    declinedSince: string;
    declines: number;
  };
  'email-sent': { orderId: string; customerId: string; kind: OrderMailKind | ReturnMailKind };
  'email-refused': { orderId: string; customerId: string; kind: OrderMailKind | ReturnMailKind };
  'customer-email-refused': { customerId: string; kind: CustomerMailKind };
  'email-bounced': { orderId: string; customerId: string; kind: OrderMailKind | ReturnMailKind } & Bounce;
  'customer-email-bounced': { customerId: string; kind: CustomerMailKind } & Bounce;
  'customer-email-changed': { customerId: string };
  'customer-marked-unreachable': { customerId: string; since: string };
  'payment-applied': { orderId: string; chargeId: string; amount: Money };
  'payment-denied': { orderId: string; reason: string; amount: Money };
  'payment-refunded': { orderId: string; amount: Money };
  'inventory-updated': {
    orderId: string;
    lines: readonly OrderLine[];
    levels: readonly ToldLevel[];
    reorderedBy?: ReorderedBy;
  };
  'inventory-denied': { orderId: string; short: readonly ShortTitle[] };
  'inventory-released': { orderId: string; lines: readonly OrderLine[] };
  'inventory-restocked': { orderId: string; lines: readonly OrderLine[] };
  'order-fulfilled': { orderId: string } & Packed;
  'packing-denied': { orderId: string; isbns: readonly string[] };
  'order-unpacked': { orderId: string; parcels: number };
  'order-shipped': { orderId: string; carrier: string; method: string; trackingNumber: string };
  'shipment-denied': { orderId: string; country: string; heaviestParcelGrams: number };
  'shipment-recalled': { orderId: string; trackingNumber: string };
  'stock-low': {
    isbn: string;
    onHand: number;
    onOrder: number;
    reorderPoint: number;
    asOf: string;
    orderId: string;
    reorderedBy: ReorderedBy;
  };
  'stock-ordered': { isbn: string; purchaseOrderId: string; quantity: number; orderId: string };
  'stock-replenished': { isbn: string; purchaseOrderId: string; quantity: number; onHand: number };
  'price-changed': { isbn: string; price: Money; before: Money; prices: readonly Money[] };
  'webhook-switched-off': { webhookId: string; reason: 'gone' | 'failing'; failingSince: string | null };
}

/** A mail that came back: the status code (RFC 3463), and when it was sent (ISO 8601). */
interface Bounce {
  status: string;
  sentAt: string;
}

/** The requests of the client that can be refused for good. */
type RequestName = Extract<InitiatingEventName, 'place-order' | 'return-requested'>;
