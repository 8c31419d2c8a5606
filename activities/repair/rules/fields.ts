import { isRecord } from '../../../contracts/reading/record.ts';
import { contentRule, type RepairRule } from './rule.ts';

/** The meaning of a field, for rules that repair it in every message. */
export type FieldRole = 'id' | 'isbn' | 'quantity' | 'country' | 'currency' | 'email';

type Fields = Readonly<Record<string, FieldRole>>;

const line: Fields = { 'lines.*.isbn': 'isbn', 'lines.*.quantity': 'quantity' };
const orderFact: Fields = { orderId: 'id' };
const paymentFact: Fields = { ...orderFact, 'amount.currency': 'currency' };
const stockFact: Fields = { isbn: 'isbn', quantity: 'quantity', purchaseOrderId: 'id' };
const pricedOrder: Fields = { ...orderFact, ...line, country: 'country', 'total.currency': 'currency' };

/** The paths of the fields that rules know, by initiating event and fact; `*` is every element of a list. */
const fieldsOf: Readonly<Record<string, Fields>> = {
  'customer-registered': { customerId: 'id', email: 'email' },
  'address-changed': { customerId: 'id', 'address.country': 'country' },
  'email-changed': { customerId: 'id', email: 'email' },
  'mail-bounced': { customerId: 'id' },
  'customer-unreachable': { customerId: 'id', orderId: 'id' },
  'place-order': {
    requestId: 'id',
    customerId: 'id',
    card: 'id',
    ...line,
    'shipTo.country': 'country',
    currency: 'currency',
  },
  'return-requested': { requestId: 'id', customerId: 'id', orderId: 'id', ...line },
  'order-created': { ...pricedOrder, customerId: 'id' },
  'order-amended': pricedOrder,
  'email-sent': { ...orderFact, customerId: 'id' },
  'payment-applied': { ...paymentFact, chargeId: 'id' },
  'payment-denied': paymentFact,
  'payment-refunded': paymentFact,
  'inventory-updated': { ...orderFact, ...line },
  'inventory-released': { ...orderFact, ...line },
  'order-shipped': { ...orderFact, trackingNumber: 'id' },
  'shipment-recalled': { ...orderFact, trackingNumber: 'id' },
  'stock-ordered': { ...stockFact, orderId: 'id' },
  'stock-replenished': { ...stockFact, onHand: 'quantity' },
  'price-changed': {
    isbn: 'isbn',
    'price.currency': 'currency',
    'before.currency': 'currency',
    'prices.*.currency': 'currency',
  },
};

/** A rule on every field of these meanings. `repair` returns its argument when there is nothing to repair. */
export const fieldRule = (
  named: Omit<RepairRule, 'repair'>,
  roles: readonly FieldRole[],
  repair: (value: unknown) => unknown,
): RepairRule =>
  contentRule(named, (content, { kind }) => {
    const fields = Object.hasOwn(fieldsOf, kind) ? (fieldsOf[kind] ?? {}) : {};
    const paths = Object.entries(fields).filter(([, role]) => roles.includes(role));
    return paths.reduce((changed, [path]) => changeAt(changed, path.split('.'), repair), content);
  });

/**
 * Changes the value at a path. Returns the same object when nothing changes, else a copy. Only own properties of plain
 * objects count.
 */
export function changeAt(value: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (step === '*') return changeEach(value, (inner) => changeAt(inner, rest, change));
  if (!isRecord(value) || !Object.hasOwn(value, step)) return value;
  const inner = changeAt(value[step], rest, change);
  return inner === value[step] ? value : { ...value, [step]: inner };
}

function changeEach(value: unknown, change: (inner: unknown) => unknown): unknown {
  if (!Array.isArray(value)) return value;
  const changed: unknown[] = value.map(change);
  return changed.some((inner, index) => inner !== value[index]) ? changed : value;
}

/** Applies a change to text; any other value stays. */
export const ofText =
  (change: (text: string) => unknown) =>
  (value: unknown): unknown =>
    typeof value === 'string' ? change(value) : value;
