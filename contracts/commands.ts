import type { Request } from './command.ts';
import type { CommandName, commandRoutes, ProcessorName } from './command-routes.ts';
import type { InventoryProcessor } from './inventory.ts';
import type { NotificationProcessor } from './notification.ts';
import type { OrderFulfillmentProcessor } from './order-fulfillment.ts';
import type { OrderPlacementProcessor } from './order-placement.ts';
import type { PaymentProcessor } from './payment.ts';
import type { ShippingProcessor } from './shipping.ts';
import type { WarehouseProcessor } from './warehouse.ts';

interface Processors extends Record<ProcessorName, object> {
  'order-placement': OrderPlacementProcessor;
  notification: NotificationProcessor;
  payment: PaymentProcessor;
  inventory: InventoryProcessor;
  'order-fulfillment': OrderFulfillmentProcessor;
  warehouse: WarehouseProcessor;
  shipping: ShippingProcessor;
}

type Method<Processor, Activity> = Activity extends keyof Processor ? Processor[Activity] : never;

/** The method of its processor that a command goes to, by its route. */
type MethodOf<Name extends CommandName> = Method<
  Processors[(typeof commandRoutes)[Name]['processor']],
  (typeof commandRoutes)[Name]['activity']
>;

/** Every command a mediator may give, with its content and its acknowledgement. */
export type Commands = {
  readonly [Name in CommandName]: MethodOf<Name> extends (
    command: infer Command extends Request,
  ) => Promise<infer Acknowledgement>
    ? { readonly command: Command; readonly acknowledgement: Acknowledgement }
    : never;
};
