import { defineListener } from '../../broker-bridge/facts/listener.ts';

/**
 * Tells the shop of customers whom mails do not reach, as an initiating event: one for each mail that came back for
 * good. Whether that marks the customer, order placement decides, which knows since when the address is theirs.
 */
export const listener = defineListener({
  name: 'unreachable-customers',
  about: 'tells the shop of customers whose mails bounce for good',
  schema: 'unreachable_customers',
  reads: {
    'email-bounced': ['customerId', 'status', 'sentAt', 'orderId'],
    'customer-email-bounced': ['customerId', 'status', 'sentAt'],
  },
  follows: 'some-facts',
  tables: '',
  sends: ['customer-event-queue'],
  apply(tx, { body: { customerId, status, sentAt: since, ...about } }) {
    // 4.x.x: a full mailbox, a server that is away. The next mail may come through.
    if (!status.startsWith('5')) return Promise.resolve();
    const orderId = 'orderId' in about ? { orderId: about.orderId } : {};
    tx.send({ to: 'customer-event-queue', name: 'customer-unreachable', body: { customerId, since, ...orderId } });
    return Promise.resolve();
  },
});
