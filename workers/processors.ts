import { createInventoryProcessor } from '../activities/inventory/processor.ts';
import { acknowledging } from '../activities/kit/acknowledge.ts';
import { createMailer } from '../activities/notification/mailer.ts';
import { createNotificationProcessor } from '../activities/notification/processor.ts';
import { createNotificationStore } from '../activities/notification/store.ts';
import { createOrderFulfillmentProcessor } from '../activities/order-fulfillment/processor.ts';
import { createOrderPlacementProcessor } from '../activities/order-placement/processor.ts';
import { createCardGateway } from '../activities/payment/card-gateway.ts';
import { createPaymentProcessor } from '../activities/payment/processor.ts';
import { createReturnRefunds } from '../activities/payment/return-refunds.ts';
import { createPaymentStore } from '../activities/payment/store.ts';
import { createCarrier } from '../activities/shipping/carrier.ts';
import { createShippingProcessor } from '../activities/shipping/processor.ts';
import { createShippingStore } from '../activities/shipping/store.ts';
import { createWarehouseProcessor } from '../activities/warehouse/processor.ts';
import { createWarehouseStore } from '../activities/warehouse/store.ts';
import { createSupplier } from '../activities/warehouse/supplier.ts';
import type { Config } from '../config/config.ts';
import { processorNames, type ProcessorName } from '../contracts/command-routes.ts';
import type { Database } from '../prisma/database.ts';
import type { ComponentContext, StartComponent } from './component.ts';
import { channelOf } from './deployment/versioning.ts';
import { runWorker } from './run-worker.ts';

/** A processor with its resources. */
interface Assembly {
  readonly processor: object;
  /** Closes the processor's resources, after its last command. */
  readonly release?: () => Promise<void> | void;
}

/** The event processors. A further one is a further row. */
const assemblies: Readonly<Record<ProcessorName, (database: Database, config: Config) => Assembly>> = {
  'order-placement': (database) => ({
    processor: createOrderPlacementProcessor(database),
  }),
  notification(database, { smtpUrl, shopUrl }) {
    const mailer = createMailer(smtpUrl);
    const processor = createNotificationProcessor({ mailer, store: createNotificationStore(database), shopUrl });
    return { processor, release: mailer.close };
  },
  payment: (database, { cardGatewayUrl }) => ({
    processor: createPaymentProcessor({
      gateway: createCardGateway(cardGatewayUrl),
      store: createPaymentStore(database),
      returns: createReturnRefunds(database),
    }),
  }),
  inventory: (database) => ({ processor: createInventoryProcessor(database) }),
  'order-fulfillment': (database) => ({
    processor: createOrderFulfillmentProcessor(database),
  }),
  warehouse: (database, { supplierUrl }) => ({
    processor: createWarehouseProcessor({
      supplier: createSupplier(supplierUrl),
      store: createWarehouseStore(database),
    }),
  }),
  shipping: (database, { carrierUrl }) => ({
    processor: createShippingProcessor({ carrier: createCarrier(carrierUrl), store: createShippingStore(database) }),
  }),
};

/** A processor as this process runs it. */
export const assembled = (name: ProcessorName, { resources, config }: ComponentContext): Assembly =>
  assemblies[name](resources.database(name), config);

const starter =
  (name: ProcessorName): StartComponent =>
  (context) => {
    const { processor, release } = assembled(name, context);
    return runWorker({ name, channel: channelOf(name), activities: acknowledging(processor), release }, context);
  };

/** The start of each processor's worker. */
export const processors = Object.fromEntries(processorNames.map((name) => [name, starter(name)]));
