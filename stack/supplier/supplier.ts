import type { StockDelivered } from '../../contracts/outside/supplier-deliveries.ts';
import type { Journal } from '../journal.ts';
import { fieldsOf, isCount } from '../keyed-requests.ts';
import { createKeyedMutex, failure, type JsonAnswer } from '../stand-in.ts';
import { planDeliveries, type Delivery, type PurchaseOrder, type SupplierSettings } from './deliveries.ts';

/** A purchase order in the journal, with its deliveries, which were decided when it was accepted. */
export interface SupplierEntry extends PurchaseOrder {
  readonly type: 'purchase-order';
  /** When it was accepted, ISO 8601. */
  readonly at: string;
  readonly deliveries: readonly Delivery[];
}

/** A purchase order that the supplier's people cancelled: what had not arrived by then never does. */
export interface CancelEntry {
  readonly type: 'cancel';
  /** ISO 8601. */
  readonly at: string;
  readonly purchaseOrderId: string;
}

/** A delivery that was published as an event. */
export interface ToldEntry {
  readonly type: 'told';
  readonly deliveryId: string;
}

export type LedgerEntry = SupplierEntry | CancelEntry | ToldEntry;

/** Accepts each purchase order once, and reports what was delivered of it. */
export function openSupplier(journal: Journal<LedgerEntry>, settings: SupplierSettings) {
  const orders = new Map<string, SupplierEntry>();
  const told = new Set<string>();
  const enter = (entry: LedgerEntry) => {
    if (entry.type === 'told') {
      told.add(entry.deliveryId);
      return;
    }
    const known = entry.type === 'cancel' ? orders.get(entry.purchaseOrderId) : entry;
    if (known) orders.set(known.purchaseOrderId, entry.type === 'cancel' ? cancelled(known, entry) : known);
  };
  journal.entries.forEach(enter);
  const exclusively = createKeyedMutex();
  const accept = async (order: PurchaseOrder): Promise<JsonAnswer> => {
    const known = orders.get(order.purchaseOrderId);
    if (known) return isSame(known, order) ? status(201, known) : otherContent;
    const at = new Date();
    const deliveries = planDeliveries(order, at, settings);
    const entry: SupplierEntry = { type: 'purchase-order', at: at.toISOString(), ...order, deliveries };
    await journal.append(entry);
    enter(entry);
    return status(201, entry);
  };
  const show = (purchaseOrderId: string): JsonAnswer => {
    const known = orders.get(purchaseOrderId);
    return known ? status(200, known) : failure(404, 'unknown', 'There is no such purchase order.');
  };
  const cancel = async (purchaseOrderId: string): Promise<JsonAnswer> => {
    if (orders.has(purchaseOrderId)) {
      const entry: CancelEntry = { type: 'cancel', at: new Date().toISOString(), purchaseOrderId };
      await journal.append(entry);
      enter(entry);
    }
    return show(purchaseOrderId);
  };
  return {
    accept: (order: PurchaseOrder) => exclusively(order.purchaseOrderId, () => accept(order)),
    cancel: (purchaseOrderId: string) => exclusively(purchaseOrderId, () => cancel(purchaseOrderId)),
    show,
    untold: () => [...orders.values()].flatMap(arrivedOf).filter(({ deliveryId }) => !told.has(deliveryId)),
    async noteTold({ deliveryId }: StockDelivered): Promise<void> {
      const entry = { type: 'told', deliveryId } as const;
      await journal.append(entry);
      enter(entry);
    },
  };
}

const cancelled = (order: SupplierEntry, { at }: CancelEntry): SupplierEntry => ({
  ...order,
  deliveries: order.deliveries.filter((delivery) => delivery.at <= at),
});

/** Reads a purchase order, or says in a sentence what is wrong with it. */
export function readPurchaseOrder(body: unknown): PurchaseOrder | string {
  const { purchaseOrderId, isbn, quantity } = fieldsOf(body);
  if (typeof purchaseOrderId !== 'string' || !/^[\w-]{1,128}$/.test(purchaseOrderId)) {
    return 'purchaseOrderId must have 1 to 128 letters, digits, - or _.';
  }
  if (typeof isbn !== 'string' || !/^\d{13}$/.test(isbn)) return 'isbn must have 13 digits.';
  if (!isCount(quantity)) return 'quantity must be a whole number, 1 or more.';
  return { purchaseOrderId, isbn, quantity };
}

const isSame = (known: PurchaseOrder, order: PurchaseOrder): boolean =>
  known.isbn === order.isbn && known.quantity === order.quantity;

const otherContent = failure(409, 'other_content', 'A purchase order of this id is known with other content.');

const hasArrived = ({ at }: Delivery): boolean => Date.parse(at) <= Date.now();

/** The deliveries of a purchase order that have arrived. */
const arrivedOf = ({ purchaseOrderId, deliveries }: SupplierEntry): readonly (StockDelivered & Delivery)[] =>
  deliveries.filter(hasArrived).map((delivery) => ({ purchaseOrderId, ...delivery }));

function status(code: number, { purchaseOrderId, isbn, quantity, deliveries }: SupplierEntry): JsonAnswer {
  const arrived = deliveries.filter(hasArrived);
  const complete = arrived.length === deliveries.length;
  return { status: code, body: { purchaseOrderId, isbn, quantity, deliveries: arrived, complete } };
}
