import type { StackPorts } from '../../config/config.ts';
import { startSystem } from '../../stack/system/system.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs the system as `npm start` does, in the folder and on the ports of its arguments, so that a test can kill it. */
async function main(folder: string, ports: StackPorts): Promise<void> {
  const toldToStop = new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()));
  const system = await startSystem({ folder, ports, provided: new Set(), log: say });
  process.send?.('ready');
  await toldToStop;
  await system.stop();
}

main(process.argv[2] ?? '', JSON.parse(process.argv[3] ?? '{}') as StackPorts).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
