import { defineListener } from '../../broker-bridge/facts/listener.ts';

/**
 * Has the open orders of a customer approved before they go on, when fraud is suspected. The message waits in the
 * listener's table while Temporal is away; an order knows a suspicion that it was told of before.
 */
export const listener = defineListener({
  name: 'fraud-hold',
  about: 'has a customer’s open orders approved when fraud is suspected',
  schema: 'fraud_hold',
  reads: { 'fraud-suspected': ['customerId', 'declines', 'declinedSince'] },
  follows: 'some-facts',
  tables: '',
  sends: ['order-mediator'],
  apply(tx, { id: suspicionId, body: { customerId, declines, declinedSince } }) {
    const why = `${declines} cards of the customer were declined in a short time, the first at ${declinedSince.slice(0, 16)}Z.`;
    tx.send({ to: 'order-mediator', name: 'suspected', customerId, content: { suspicionId, why } });
    return Promise.resolve();
  },
});
