import { defineListener, type Listener, type Transaction } from '../../broker-bridge/facts/listener.ts';
import { loadFraudConfig } from '../../config/fraud.ts';
import * as windows from './windows.ts';

/** The listener with the settings that an environment names. */
export const listenerFor = (env: Readonly<Record<string, string | undefined>>): Listener =>
  createFraudWatch(loadFraudConfig(env));

/**
 * Complex event processing: sees a pattern over time, and tells it as a fact of its own. When three cards of one
 * customer were declined within ten minutes, whatever the orders, fraud is suspected. It is told once per window; the
 * next window begins with the first decline after it. It cannot be played again: that would tell every suspicion anew.
 */
const createFraudWatch = (rule: windows.Rule): Listener =>
  defineListener({
    name: 'fraud-watch',
    about: 'suspects fraud when three cards of a customer are declined within ten minutes',
    schema: 'fraud_watch',
    reads: {
      'order-created': ['orderId', 'customerId'],
      'payment-denied': ['orderId'],
      'order-completed': [],
      'order-cancelled': [],
    },
    follows: 'every-fact-of-a-key', // the customer of an order is known before its first card is declined
    tables: windows.tables,
    async apply(tx, fact) {
      switch (fact.name) {
        case 'order-created':
          await tx.execute(windows.keepOrder(fact.body.orderId, fact.body.customerId));
          break;
        case 'payment-denied':
          await noteDecline(tx, rule, { factId: fact.id, orderId: fact.body.orderId, at: fact.time });
          break;
        default:
          await tx.execute(windows.forgetOrder(fact.key));
      }
    },
  });

/** An order whose first fact is gone from the stream has no customer: it is passed over. */
async function noteDecline(
  tx: Transaction,
  rule: windows.Rule,
  declined: Omit<windows.Decline, 'customerId'>,
): Promise<void> {
  const [order] = await tx.run(windows.customerOf(declined.orderId));
  if (!order) return;
  const { customerId } = order;
  const decline = { ...declined, customerId };
  const [heard] = await tx.run(windows.hearCustomer(rule, decline));
  if (heard?.isTold) return;
  await tx.execute(windows.noteDecline(decline));
  const [burst] = await tx.run(windows.burstWith(rule, decline));
  if (burst) {
    await tx.execute(windows.closeWindow(rule, customerId, burst.declinedSince));
    tx.tell({ name: 'fraud-suspected', key: customerId, body: { customerId, ...burst } });
  }
  await tx.execute(windows.removeOld(rule, decline.at));
}
