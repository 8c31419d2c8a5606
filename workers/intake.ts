import { createDeadLetters } from '../broker-bridge/dead-letter/dead-letters.ts';
import { startIntake } from '../broker-bridge/intake/intake.ts';
import { connectBroker } from '../broker-bridge/nats/connect.ts';
import { repairPolicy } from '../config/repair-policy.ts';
import { createRepairCaseStore } from '../activities/repair/cases.ts';
import { eventRegistry } from './event-registry.ts';
import type { StartComponent } from './component.ts';
import { releasingAfter } from './releasing-after.ts';
import { temporalClient } from './temporal-client.ts';

/** Takes initiating events off their queue and starts their mediators. Several share the queue. */
export const start: StartComponent = async (context) => {
  const { config, resources, log } = context;
  const registry = eventRegistry(process.env);
  const part = log.child({ part: 'intake' });
  const client = await temporalClient(context);
  const broker = await connectBroker({ url: config.natsUrl, creds: config.natsCreds, name: 'intake', log: part });
  const cases = createRepairCaseStore(resources.database());
  const intake = startIntake({
    databaseUrl: config.databaseUrl,
    broker,
    client,
    deadLetters: createDeadLetters({ client, cases, policy: repairPolicy, log: part }),
    registry,
    log: part,
    limits: config.intake,
  });
  return releasingAfter(intake, broker.close);
};
