import { connectBroker } from '../broker-bridge/nats/connect.ts';
import { startRelay } from '../broker-bridge/outbox/relay.ts';
import { warnUnlessSynced } from '../broker-bridge/nats/our-streams.ts';
import type { StartComponent } from './component.ts';
import { releasingAfter } from './releasing-after.ts';

/** The only publisher of facts. A second one waits, and takes over when the first is gone. */
export const start: StartComponent = async ({ config, log }) => {
  const part = log.child({ part: 'relay' });
  const broker = await connectBroker({ url: config.natsUrl, creds: config.natsCreds, name: 'relay', log: part });
  void warnUnlessSynced(config.natsMonitorUrl, part);
  const relay = startRelay({ databaseUrl: config.databaseUrl, broker, log: part });
  return releasingAfter(relay, broker.close);
};
