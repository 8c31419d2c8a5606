import { join } from 'node:path';
import { loadConfig, type StackPorts } from '../config/config.ts';
import { checkout } from './binaries.mjs';
import { startSystem, type System } from './system/system.ts';

/** `npm start`: the whole system, up until Ctrl-C. */
async function main(): Promise<void> {
  const { stack: ports, provided } = loadConfig(process.env);
  const toldToStop = new Promise<null>((resolve) => {
    // The signals are handled until the end: npm passes Ctrl-C on, so that it may come twice. Ending takes seconds, at
    // worst its limits.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(null));
  });
  let starting = true;
  void toldToStop.then(() => starting && say('Stopping, as soon as what is being started is up …'));
  const system = await startSystem({ folder: join(checkout, '.stack'), ports, provided, log: sayWhen });
  starting = false;
  say(`\nThe system is up. Ctrl-C ends it.\n${links(system, ports).join('\n')}\n`);
  const failure = await Promise.race([toldToStop, system.failed]);
  say(failure ? `${failure.message}\nEverything is ended …` : 'Ending everything …');
  await system.stop();
  say('Everything has ended.');
  if (failure) process.exitCode = 1;
}

function links({ parts, addresses }: System, ports: StackPorts): string[] {
  const own = (part: string, line: string) => (parts.includes(part) ? [line] : []);
  return [
    `  Repair desk       http://127.0.0.1:${ports.dashboard}`,
    ...own('temporal', `  Temporal Web UI   http://127.0.0.1:${ports.temporalUi}`),
    `  Temporal          ${addresses.TEMPORAL_ADDRESS}`,
    `  NATS              ${addresses.NATS_URL} (monitor: ${addresses.NATS_MONITOR_URL})`,
    ...own('postgres', `  PostgreSQL        ${addresses.DATABASE_URL}`),
    `  Card gateway      ${addresses.CARD_GATEWAY_URL}/ledger`,
    `  Supplier          ${addresses.SUPPLIER_URL}/ledger`,
    `  Carrier           ${addresses.CARRIER_URL}/ledger`,
    ...own('smtp-sink', `  Mails             http://127.0.0.1:${ports.mails}/mails`),
    '  Place an order    npm run client -- place --customer c-1 --line 9780134685991:2 --card card_ok',
  ];
}

/** A line about a process carries the time, so that the event can be found in its log. */
const sayWhen = (line: string): void => say(`${new Date().toISOString().slice(11, 19)}  ${line}`);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
