import type { Logger } from 'pino';
import { loadConfig } from '../config/config.ts';
import { databaseUrlOf } from '../config/database.ts';
import { withOwnAddresses } from '../config/own-addresses.ts';
import { temporalAddress } from '../config/temporal.ts';
import { openLog } from './log.ts';
import type { RunningComponent } from '../broker-bridge/component.ts';
import { rolesOfComponent } from '../prisma/roles/roles.ts';
import { requireOwnSession } from '../prisma/session.ts';
import type { ComponentContext } from './component.ts';
import { expandNames, loadComponent } from './components.ts';
import { deployedChannels } from './deployment/versioning.ts';
import { shareResources } from './resources.ts';

/**
 * `npm run worker -- NAME…`: runs the named components in this process until SIGTERM or SIGINT, or until one of them
 * fails.
 */
async function main(names: readonly string[]): Promise<void> {
  const components = expandNames(names);
  const config = loadConfig(withOwnAddresses(names, process.env));
  const addresses = components.flatMap(rolesOfComponent).map((role) => databaseUrlOf(config.database, role));
  await Promise.all([...new Set(addresses)].map(requireOwnSession));
  const log = openLog(config);
  const temporal = temporalAddress(process.env, config.stack);
  const runsWorkers = components.some((name) => deployedChannels.has(name));
  const resources = shareResources({ config, temporal, runsWorkers, log });
  const toldToStop = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  });
  const running = await startAll(components, { config, namespace: temporal.namespace, resources, log });
  log.info({ parts: components }, 'ready');
  // The stack and tests start this process with a channel to it, and wait for this message.
  process.send?.('ready');
  try {
    await Promise.race([toldToStop, ...running.map(({ stopped }) => stopped)]);
  } finally {
    await stopAll(running, log);
    await resources.close();
    log.info({ parts: components }, 'stopped');
  }
}

/**
 * Fails when a component had to be ended by force: its open commands are asked again elsewhere once their time limits
 * are over.
 */
async function stopAll(running: readonly RunningComponent[], log: Logger): Promise<void> {
  const ends = await Promise.allSettled(running.map((component) => component.stop()));
  for (const end of ends)
    if (end.status === 'rejected') log.error({ error: String(end.reason) }, 'not stopped in order');
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Starts all of them or none: when one cannot start, the others are stopped again. */
async function startAll(names: readonly string[], context: ComponentContext): Promise<RunningComponent[]> {
  const starts = await Promise.allSettled(names.map(async (name) => (await loadComponent(name))(context)));
  const running = starts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = starts.find((result) => result.status === 'rejected');
  if (!failed) return running;
  await Promise.allSettled(running.map((component) => component.stop()));
  throw failed.reason;
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
