import { createPaymentProcessor } from '../activities/payment/processor.ts';
import { createCardGateway } from '../activities/payment/card-gateway.ts';
import { channels } from '../contracts/channels.ts';
import { createPaymentStore } from '../activities/payment/store.ts';
import { createReturnRefunds } from '../activities/payment/return-refunds.ts';
import { startProcessor } from './start-processor.ts';

/** One worker of `payment`: charges cards and gives money back. */
export const start = startProcessor('payment', channels.payment, (database, { cardGatewayUrl }) => ({
  processor: createPaymentProcessor({
    gateway: createCardGateway(cardGatewayUrl),
    store: createPaymentStore(database),
    returns: createReturnRefunds(database),
  }),
}));
