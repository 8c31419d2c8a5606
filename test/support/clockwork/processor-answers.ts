import type { Commands } from '../../../contracts/commands.ts';
import type { Money } from '../../../contracts/money.ts';
import type { Packed } from '../../../contracts/order-fulfillment.ts';
import type { OrderLine } from '../../../contracts/place-order.ts';
import type { CommandName } from '../../../contracts/command-routes.ts';

/** How a processor acknowledges each command. */
export type Answers = {
  [Name in CommandName]: (command: Commands[Name]['command']) => Commands[Name]['acknowledgement'];
};

/** What the processors have done for one order, and what a compensation gives back. */
interface Doings {
  lines: readonly OrderLine[];
  charged: Money | null;
  taken: readonly OrderLine[];
  parcels: number;
  shipped: boolean;
}

const shipping = 490;
const unitPrice = 2000;
const packed: Packed = { parcels: 1, heaviestParcelGrams: 600, totalGrams: 600 };

/**
 * Processors in memory that always succeed: they remember per order what a compensation has to give back, and nothing else. Every title costs 20.00,
 * there is always stock, and the supplier never has anything to deliver.
 */
export function processorAnswers(): Answers {
  const orders = new Map<string, Doings>();
  const doings = (orderId: string): Doings => {
    const known = orders.get(orderId) ?? { lines: [], charged: null, taken: [], parcels: 0, shipped: false };
    orders.set(orderId, known);
    return known;
  };
  return {
    ...customerAnswers,
    ...orderAnswers,
    ...supplierAnswers,
    ...returnAnswers,
    'email-customer': ({ requestId }) => ({ messageId: `<${requestId}@test>`, delivered: true }),
    'record-bounce': ({ messageId }) => ({ messageId }),
    'check-card': () => ({ known: true }),
    'apply-payment': ({ orderId, round, amount }) => {
      doings(orderId).charged = amount;
      return { chargeId: `charge-${orderId}-${round}`, amount };
    },
    'refund-payment': ({ orderId }) => ({ refunded: takeBack(doings(orderId), 'charged', null) }),
    'reconcile-charges': () => ({ givenBack: [] }),
    'adjust-inventory': ({ orderId, lines }) => {
      doings(orderId).taken = lines;
      return { levels: lines.map(({ isbn }) => ({ isbn, onHand: 100 })), ready: [] };
    },
    'release-inventory': ({ orderId }) => ({ released: takeBack(doings(orderId), 'taken', []), ready: [] }),
    'fulfill-order': ({ orderId }) => {
      doings(orderId).parcels = packed.parcels;
      return packed;
    },
    'unpack-order': ({ orderId }) => ({ parcels: takeBack(doings(orderId), 'parcels', 0) }),
    'ship-order': ({ orderId }) => {
      doings(orderId).shipped = true;
      return { carrier: 'post', method: 'parcel', trackingNumber: `track-${orderId}` };
    },
    'reconcile-shipments': () => ({ recalled: [] }),
    'recall-shipment': ({ orderId }) => ({ recalled: takeBack(doings(orderId), 'shipped', false) }),
  };
}

function takeBack<Name extends keyof Doings>(doings: Doings, what: Name, nothing: Doings[Name]): Doings[Name] {
  const done = doings[what];
  doings[what] = nothing;
  return done;
}

const customerAnswers = {
  'register-customer': () => ({ isNew: true }),
  'change-address': ({ customerId }) => ({ customerId }),
  'change-email': ({ customerId }) => ({ customerId }),
  'mark-unreachable': ({ customerId }) => ({ customerId }),
} satisfies Partial<Answers>;

const orderAnswers = {
  'create-order': ({ orderId, customerId, lines, currency }) => ({
    orderId,
    ...priced(lines, currency),
    customer: { name: `Customer ${customerId}`, email: `${customerId}@example.test` },
  }),
  'amend-order': ({ lines }) => priced(lines, 'EUR'),
  'cancel-order': () => ({ cancelled: true }),
  'change-price': ({ isbn, price }) => ({ isbn, price, before: price, isChanged: false }),
} satisfies Partial<Answers>;

const returnAnswers = {
  'open-return': ({ lines, customerId }) => ({
    ...priced(lines, 'EUR'),
    customer: { name: `Customer ${customerId}`, email: `${customerId}@example.test` },
  }),
  'close-return': () => ({ wholeOrder: true }),
  'refund-return': ({ amount }) => ({ refunded: amount }),
  'restock-return': () => ({ ready: [] }),
} satisfies Partial<Answers>;

const supplierAnswers = {
  'receive-stock': ({ isbn, quantity }) => ({ isbn, onHand: quantity, ready: [] }),
  'order-stock': () => ({ purchaseOrders: [] }),
  'check-delivery': () => ({ deliveries: [], complete: false }),
  'close-purchase-order': () => ({ closed: true }),
  'reconcile-stock': () => ({ uncovered: [], purchaseOrders: [] }),
} satisfies Partial<Answers>;

function priced(lines: readonly OrderLine[], currency: Money['currency']) {
  const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const money = (amount: number): Money => ({ amount, currency });
  return {
    lines: lines.map((line) => ({ ...line, title: `Title ${line.isbn}`, unitPrice: money(unitPrice) })),
    shipping: money(shipping),
    total: money(pieces * unitPrice + shipping),
  };
}
