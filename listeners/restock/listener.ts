import { defineListener } from '../../broker-bridge/facts/listener.ts';

/**
 * Tells that a title is low, from what inventory has told alone: it asks nobody and keeps nothing. It does so whoever
 * re-orders; `reorderedBy` says whether it is for listeners to act.
 */
export const listener = defineListener({
  name: 'restock',
  about: 'tells when what is on hand and on order of a title has come down to its reorder point',
  schema: 'restock',
  reads: { 'inventory-updated': ['orderId', 'levels', 'reorderedBy'] },
  follows: 'some-facts',
  tables: '',
  apply(tx, { time: asOf, body: { orderId, levels, reorderedBy = 'mediator' } }) {
    for (const { isbn, onHand, onOrder = 0, reorderPoint } of levels)
      if (reorderPoint !== undefined && onHand + onOrder <= reorderPoint)
        tx.tell({
          name: 'stock-low',
          key: isbn,
          body: { isbn, onHand, onOrder, reorderPoint, asOf, orderId, reorderedBy },
        });
    return Promise.resolve();
  },
});
