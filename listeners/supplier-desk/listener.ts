import { defineListener } from '../../broker-bridge/facts/listener.ts';
import { isListenersRequest } from '../../contracts/ids.ts';

const name = 'supplier-desk';

/**
 * Asks warehouse to re-order a low title, where the policy of the order has listeners do it; warehouse decides, and
 * keeps one open purchase order per title. Nobody waits for the answer, so that what came of it is heard as a fact:
 * each purchase order that was placed for this listener has its replenishment started.
 */
export const listener = defineListener({
  name,
  about: 'asks warehouse to re-order what is low, and has its purchase orders followed until they are delivered',
  schema: 'supplier_desk',
  reads: {
    'stock-low': ['isbn', 'onHand', 'asOf', 'orderId', 'reorderedBy'],
    'stock-ordered': ['isbn', 'purchaseOrderId', 'quantity'],
  },
  follows: 'some-facts',
  tables: '',
  sends: ['processor', 'replenishment'],
  apply(tx, fact) {
    if (fact.name === 'stock-ordered') {
      const { isbn, purchaseOrderId, quantity } = fact.body;
      if (isListenersRequest(name, fact.causationId))
        tx.send({ to: 'replenishment', purchaseOrder: { isbn, purchaseOrderId, quantity } });
    } else if (fact.body.reorderedBy === 'listeners') {
      const { isbn, onHand, asOf, orderId } = fact.body;
      tx.send({ to: 'processor', name: 'order-stock', command: { orderId, levels: [{ isbn, onHand }], asOf } });
    }
    return Promise.resolve();
  },
});
