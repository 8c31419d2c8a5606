import { createDeadLetters, type DeadLetters } from '../broker-bridge/dead-letter/dead-letters.ts';
import { startListener as startListening } from '../broker-bridge/facts/start-listener.ts';
import type { Log } from '../broker-bridge/component.ts';
import { connectBroker } from '../broker-bridge/nats/connect.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { loadListener } from '../listeners/load-listener.ts';
import { createRepairCaseStore } from '../activities/repair/cases.ts';
import type { ComponentContext, StartComponent } from './component.ts';
import { releasingAfter } from './releasing-after.ts';
import { temporalClient } from './temporal-client.ts';

/** The start of the listener in `listeners/<name>/`. */
export const startListener =
  (name: string): StartComponent =>
  async (context) => {
    const { config } = context;
    const listener = await loadListener(name);
    const log = context.log.child({ part: `listener:${name}` });
    const broker = await connectBroker({ url: config.natsUrl, creds: config.natsCreds, name, log });
    const deadLetters = lazyDeadLetters(context, log);
    const running = startListening({ listener, databaseUrl: config.databaseUrl, broker, deadLetters, log });
    return releasingAfter(running, broker.close);
  };

/** A listener lives without Temporal: it asks for it only when there is something to hand over. */
function lazyDeadLetters(context: ComponentContext, log: Log): DeadLetters {
  const open = async (): Promise<DeadLetters> => {
    const cases = createRepairCaseStore(context.resources.database());
    return createDeadLetters({ client: await temporalClient(context), cases, policy: repairPolicy, log });
  };
  return {
    send: async (event, isReturned) => (await open()).send(event, isReturned),
    accepted: async (caseId) => (await open()).accepted(caseId),
  };
}
