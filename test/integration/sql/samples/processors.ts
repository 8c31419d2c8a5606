import { adjustUnderLocks, lockOrder, takeAtOnce } from '../../../../activities/inventory/adjustment.ts';
import {
  bookedDelivery,
  receiveStock,
  releaseInventory,
  restockReturn,
  titlesBack,
} from '../../../../activities/inventory/incoming-stock.ts';
import { lockWaiting, titlesOf } from '../../../../activities/inventory/waiting-list.ts';
import { lockStock, orderUncovered, uncovered } from '../../../../activities/kit/on-order.ts';
import { recordBounce } from '../../../../activities/notification/bounce.ts';
import { claimMail, giveUpClaim, markMail } from '../../../../activities/notification/store.ts';
import { packOrder, refuseOrder, unpackOrder } from '../../../../activities/order-fulfillment/store.ts';
import { amendOrder } from '../../../../activities/order-placement/amendment.ts';
import { changeAddress, registerCustomer } from '../../../../activities/order-placement/customers.ts';
import { changeEmail, markUnreachable } from '../../../../activities/order-placement/reach.ts';
import { closeReturn, lockReturns, openReturn } from '../../../../activities/order-placement/returning.ts';
import { cancelOrder, createOrder } from '../../../../activities/order-placement/store.ts';
import {
  answerRecall,
  beginBooking,
  recordRecall,
  settleBooking,
  unsettledBookings,
} from '../../../../activities/shipping/store.ts';
import {
  purchaseOrder,
  purchaseOrdersLeftBehind,
  purchaseOrdersOf,
  titleOf,
} from '../../../../activities/warehouse/purchase-orders.ts';
import { orderOverlooked } from '../../../../activities/warehouse/reconciliation.ts';
import {
  answerOrder,
  closePurchaseOrder,
  intendPurchases,
  markPlaced,
} from '../../../../activities/warehouse/store.ts';
import { address } from '../../processors/workbench.ts';
import { anEmail } from '../../processors/mailing.ts';
import { sample } from '../describe.ts';

const about = { requestId: 'ord-1/a-command/1', orderId: 'ord-1' };
const lines = [{ isbn: '9780134685991', quantity: 1 }];
const aReturn = { ...about, returnId: 'ret-1', customerId: 'c-1', lines };
const adjust = { ...about, round: 1, lines, orWait: true, workflowId: 'order/1' };
const delivery = { requestId: 'po-1/1', purchaseOrderId: 'po-1', isbn: '9780134685991', quantity: 1 };
const anOrder = { purchaseOrderId: 'po-1', isbn: '9780134685991', quantity: 20 };
const mail = anEmail({ orderId: 'ord-1' });
const placing = { ...about, customerId: 'c-1', lines, shipTo: address(), currency: 'EUR' } as const;

const packed = { parcels: 1, heaviestParcelGrams: 720, totalGrams: 720 };
const shipping = { ...about, shipTo: address(), packed };
const booked = { carrier: 'Letterbox Post', method: 'book post', trackingNumber: 'TN1' };

export const samples = [
  sample(takeAtOnce, adjust),
  sample(lockOrder, adjust),
  sample(adjustUnderLocks, adjust),
  ...[titlesOf('ord-1', lines), titlesBack(aReturn)].flatMap((titles) => [
    sample(lockStock, titles),
    sample(lockWaiting, titles),
    sample(orderUncovered, about.requestId, titles),
  ]),
  sample(lockStock, titleOf('po-1')),
  sample(orderUncovered, about.requestId, titleOf('po-1')),
  sample(releaseInventory, about),
  sample(restockReturn, aReturn),
  sample(receiveStock, delivery),
  sample(bookedDelivery, delivery.requestId),

  sample(createOrder, placing),
  sample(amendOrder, placing),
  sample(cancelOrder, { ...about, reason: 'a reason' }),
  sample(registerCustomer, { ...about, customerId: 'c-1', name: 'Anna', email: 'anna@example.com' }),
  sample(changeAddress, { ...about, customerId: 'c-1', address: address() }),
  sample(changeEmail, { ...about, customerId: 'c-1', email: 'anna@example.com' }),
  sample(markUnreachable, { ...about, customerId: 'c-1', since: '2026-01-01T00:00:00Z', orderId: 'ord-1' }),
  sample(lockReturns, 'ord-1'),
  sample(openReturn, { ...aReturn, isCompleted: true }),
  sample(closeReturn, { ...aReturn, outcome: 'completed', accepted: lines }),

  sample(packOrder, { ...about, lines }, [{ number: 1, weightGrams: 720, lines }]),
  sample(refuseOrder, { ...about, lines }, { type: 'NotPackable', details: { isbns: ['9780134685991'] } }),
  sample(unpackOrder, about),

  sample(beginBooking, shipping),
  sample(settleBooking, shipping, booked),
  sample(settleBooking, shipping, null),
  sample(recordRecall, 'ord-1', about.requestId, booked),
  sample(answerRecall, about, { recalled: true }),
  sample(unsettledBookings, { olderThanSeconds: 60, atMost: 100, after: null }),

  sample(intendPurchases, { ...about, levels: [], missing: lines }),
  sample(uncovered),
  sample(purchaseOrdersOf, about.requestId),
  sample(purchaseOrder, 'po-1'),
  sample(orderOverlooked, { requestId: about.requestId, olderThanSeconds: 120 }),
  sample(purchaseOrdersLeftBehind, { requestId: about.requestId, olderThanSeconds: 120 }),
  sample(markPlaced, 'po-1'),
  sample(answerOrder, { ...about, levels: [] }, { purchaseOrders: [anOrder] }),
  sample(closePurchaseOrder, 'po-1'),

  sample(claimMail, mail, '<1@example.com>'),
  sample(markMail, mail.requestId, 'sent', {
    area: 'orders',
    name: 'email-sent',
    key: 'ord-1',
    body: { orderId: 'ord-1', customerId: 'c-1', kind: mail.kind },
  }),
  sample(markMail, mail.requestId, 'refused', {
    area: 'orders',
    name: 'email-refused',
    key: 'ord-1',
    body: { orderId: 'ord-1', customerId: 'c-1', kind: mail.kind },
  }),
  sample(recordBounce, { ...about, customerId: 'c-1', messageId: '<1@example.com>', status: '5.1.1' }),
  sample(giveUpClaim, mail.requestId, '2026-01-01T00:00:00Z'),
];
