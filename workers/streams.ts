import { prepareBroker } from '../broker-bridge/facts/listener-consumers.ts';
import { connectBroker } from '../broker-bridge/nats/connect.ts';
import { loadConfig } from '../config/config.ts';
import { natsAccess } from '../config/nats.ts';
import { withOwnAddresses } from '../config/own-addresses.ts';
import { loadListeners } from '../listeners/load-listener.ts';
import { openLog } from './log.ts';

/**
 * `npm run streams`: makes the streams and the listeners' consumers at the NATS of the environment, as its
 * administrator.
 */
async function main(): Promise<void> {
  const config = loadConfig(withOwnAddresses(['administrator'], process.env));
  const log = openLog(config);
  const name = 'administrator';
  const broker = await connectBroker({ ...natsAccess(config.nats, name), name, log });
  try {
    const listeners = await loadListeners();
    await prepareBroker(broker, listeners);
    say(`The streams are there, and the consumers of ${listeners.map((listener) => listener.name).join(', ')}.`);
  } finally {
    await broker.close();
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
