import { startListener as startListening } from '../broker-bridge/listener.ts';
import { connectBroker } from '../broker-bridge/nats.ts';
import { loadListener } from '../listeners/load-listener.ts';
import type { StartPart } from './part.ts';
import { releasingAfter } from './releasing-after.ts';

/** The start of the listener in `listeners/<name>/`. */
export const startListener =
  (name: string): StartPart =>
  async ({ config, log }) => {
    const listener = await loadListener(name);
    const part = log.child({ part: `listener:${name}` });
    const broker = await connectBroker({ url: config.natsUrl, creds: config.natsCreds, name, log: part });
    const running = startListening({ listener, databaseUrl: config.databaseUrl, broker, log: part });
    return releasingAfter(running, broker.close);
  };
