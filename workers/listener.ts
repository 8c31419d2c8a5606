import { startListener as startListening, type Listener } from '../broker-bridge/listener.ts';
import { connectBroker } from '../broker-bridge/nats.ts';
import { openDatabase } from '../prisma/database.ts';
import type { StartPart } from './part.ts';
import { releasingAfter } from './releasing-after.ts';

/** The start of the listener in `listeners/<name>/`. */
export const startListener =
  (name: string): StartPart =>
  async ({ config, log }) => {
    const file = new URL(`../listeners/${name}/listener.ts`, import.meta.url);
    const { listener } = (await import(file.href)) as { listener: Listener };
    const part = log.child({ part: `listener:${name}` });
    const broker = await connectBroker({ url: config.natsUrl, creds: config.natsCreds, name, log: part });
    const database = openDatabase(config.databaseUrl);
    const running = await startListening({ listener, database, broker, log: part });
    return releasingAfter(running, async () => {
      await broker.close();
      await database.close();
    });
  };
