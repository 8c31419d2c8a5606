import { openOrdersOf } from '../activities/mediator-store/unfinished-orders.ts';
import { createRepairCaseStore } from '../activities/repair/case-store.ts';
import { deliveryOf } from '../app/reads/deliveries.ts';
import type { Log } from '../broker-bridge/component.ts';
import { createDeadLetters, type DeadLetters } from '../broker-bridge/dead-letter/dead-letters.ts';
import { startDeliveries as startTakingDeliveries } from '../broker-bridge/deliveries/take-deliveries.ts';
import { createSendMessage } from '../broker-bridge/facts/send-message.ts';
import { startListener as startListening } from '../broker-bridge/facts/start-listener.ts';
import { startIntake as startTaking } from '../broker-bridge/intake/intake.ts';
import { connectBroker } from '../broker-bridge/nats/connect.ts';
import { warnUnlessSynced } from '../broker-bridge/nats/our-streams.ts';
import { startRelay as startPublishing } from '../broker-bridge/outbox/relay.ts';
import { databaseUrlOf } from '../config/database.ts';
import { natsAccess } from '../config/nats.ts';
import { listenerUser } from '../broker-bridge/nats/users.ts';
import type { StockDelivered } from '../contracts/outside/supplier-deliveries.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { loadListener } from '../listeners/load-listener.ts';
import type { Database } from '../prisma/database.ts';
import { listenerRole } from '../prisma/roles/roles.ts';
import { closing, type ComponentContext, type StartComponent } from './component.ts';
import { eventRegistry } from './resources.ts';

/** The only publisher of facts. A second relay waits, and takes over when the first is gone. */
export const startRelay: StartComponent = async (context) => {
  const { database, natsMonitorUrl, factSource: source } = context.config;
  const databaseUrl = databaseUrlOf(database, 'relay');
  const { broker, log } = await connect({ name: 'relay' }, context);
  void warnUnlessSynced(natsMonitorUrl, log);
  return closing(startPublishing({ databaseUrl, broker, source, log }), broker.close);
};

/** Records the initiating events of the queue, and rings for their customers. A second intake waits to take over. */
export const startIntake: StartComponent = async (context) => {
  const { config, resources } = context;
  const registry = eventRegistry(process.env);
  const client = await resources.client();
  const { broker, log } = await connect({ name: 'intake' }, context);
  const cases = createRepairCaseStore(resources.database('intake'));
  const deadLetters = createDeadLetters({ client, cases, policy: repairPolicy, log });
  const databaseUrl = databaseUrlOf(config.database, 'intake');
  const { intake: limits } = config;
  return closing(startTaking({ databaseUrl, broker, client, deadLetters, registry, log, limits }), broker.close);
};

/** Hands the supplier's deliveries to the replenishments. */
export const startDeliveries: StartComponent = async (context) => {
  const { resources } = context;
  const client = await resources.client();
  const { broker, log } = await connect({ name: 'deliveries' }, context);
  const database = resources.database('deliveries');
  const deadLetters = createDeadLetters({ client, cases: createRepairCaseStore(database), policy: repairPolicy, log });
  const knownOf = async (delivered: StockDelivered) => (await database.run(deliveryOf(delivered)))[0];
  return closing(startTakingDeliveries({ broker, client, deadLetters, deliveryOf: knownOf, log }), broker.close);
};

/** The start of the listener in `listeners/<name>/`. */
export const startListener =
  (name: string): StartComponent =>
  async (context) => {
    const role = listenerRole(name);
    const databaseUrl = databaseUrlOf(context.config.database, role);
    const listener = await loadListener(name, process.env);
    const { broker, log } = await connect({ name, identity: listenerUser(name), part: `listener:${name}` }, context);
    const database = () => context.resources.database(role);
    const deadLetters = lazyDeadLetters(context, database, log);
    const client = () => context.resources.client();
    const openOrders = async (customerId: string): Promise<readonly string[]> =>
      (await database().run(openOrdersOf(customerId))).map(({ workflowId }) => workflowId);
    const send = createSendMessage({ listener: name, broker, client, openOrders });
    return closing(startListening({ listener, databaseUrl, broker, deadLetters, send, log }), broker.close);
  };

interface Connecting {
  readonly name: string;
  /** The user of NATS; the name by default. */
  readonly identity?: string;
  readonly part?: string;
}

/** A component's own connection to NATS, as its own user, and a log that says which component writes. */
async function connect({ name, identity = name, part = name }: Connecting, context: ComponentContext) {
  const log = context.log.child({ part });
  const access = natsAccess(context.config.nats, identity);
  return { broker: await connectBroker({ ...access, name, identity, log }), log };
}

/** A listener works without Temporal: it connects only when there is a dead letter, or a command, to send. */
function lazyDeadLetters({ resources }: ComponentContext, database: () => Database, log: Log): DeadLetters {
  const open = async (): Promise<DeadLetters> => {
    const cases = createRepairCaseStore(database());
    return createDeadLetters({ client: await resources.client(), cases, policy: repairPolicy, log });
  };
  return {
    send: async (event, isReturned) => (await open()).send(event, isReturned),
    accepted: async (caseId) => (await open()).accepted(caseId),
  };
}
