import { pino } from 'pino';
import { loadConfig } from '../config/config.ts';
import { loadDashboardConfig } from '../config/dashboard.ts';
import { withOwnAddresses } from '../config/own-addresses.ts';
import { temporalAddress } from '../config/temporal.ts';
import { loadWebhookConfig } from '../config/webhooks.ts';
import { legibleJson } from '../contracts/reading/legible.ts';
import { openDesk } from './server/desk.ts';

/** `npm run dashboard`: runs the repair desk until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const toldToStop = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  });
  const config = loadConfig(withOwnAddresses(['dashboard'], process.env));
  const dashboard = loadDashboardConfig(process.env, config.stack);
  const log = pino({ name: 'dashboard', level: config.logLevel, hooks: { streamWrite: legibleJson } });
  const temporal = temporalAddress(process.env, config.stack);
  const desk = await openDesk({ config, dashboard, temporal, webhooks: loadWebhookConfig(process.env), log });
  log.info({ url: desk.url }, 'ready');
  // A parent process with a channel to this one (the stack, a test) waits for this.
  process.send?.('ready');
  await toldToStop;
  await desk.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
