import { createInventoryProcessor } from '../activities/inventory/processor.ts';
import { acknowledging } from '../activities/kit/acknowledge.ts';
import type { ActivityContext } from '../activities/kit/activity-context.ts';
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

/**
 * Makes a processor. Without Temporal it gets the context of the attempt that it works in; Temporal's is the default.
 */
type Assemble = (database: Database, config: Config, activity?: () => ActivityContext) => Assembly;

/** The event processors. A further one is a further row. */
export const assemblies = {
  'order-placement': (database) => ({
    processor: createOrderPlacementProcessor(database),
  }),
  notification(database, { smtpUrl, shopUrl }, activity) {
    const mailer = createMailer(smtpUrl);
    const ports = { mailer, store: createNotificationStore(database), shopUrl, ...(activity ? { activity } : {}) };
    return { processor: createNotificationProcessor(ports), release: mailer.close };
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
} satisfies Readonly<Record<ProcessorName, Assemble>>;

/** A processor as this process runs it. */
export function assembled(name: ProcessorName, { resources, config }: ComponentContext): Assembly {
  const assemble: Assemble = assemblies[name];
  return assemble(resources.database(name), config);
}

const starter =
  (name: ProcessorName): StartComponent =>
  (context) => {
    const { processor, release } = assembled(name, context);
    return runWorker({ name, channel: channelOf(name), activities: acknowledging(processor), release }, context);
  };

/** The start of each processor's worker. */
export const processors = Object.fromEntries(processorNames.map((name) => [name, starter(name)]));
