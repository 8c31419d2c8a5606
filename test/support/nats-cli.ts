import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { natsCliPath } from '../../stack/setup/nats-cli.mjs';
import { runExample, type RanProgram } from './run-example.ts';

/**
 * A suite that needs the `nats` command line, which set-up builds where there is Go (`npm test`). Without it the suite
 * is left out, and its title and one printed line say so.
 */
export function describeWithNatsCli(title: string, suite: () => void): void {
  const isThere = existsSync(natsCliPath);
  const how = isThere
    ? 'nats command line'
    : 'LEFT OUT: there is no nats command line; npm test builds it where there is Go';
  process.stderr.write(`nats command line: ${title}: ${how}\n`);
  describe.skipIf(!isThere)(`${title} (${how})`, suite);
}

/** Runs a shell script of `docs/examples/` that finds `nats` on its PATH, and no contexts of this user. */
export function runWithNats(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RanProgram> {
  const bin = join(folder, 'nats-cli');
  mkdirSync(bin, { recursive: true });
  if (!existsSync(join(bin, 'nats'))) symlinkSync(natsCliPath, join(bin, 'nats'));
  const PATH = `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
  return runExample('sh', args, { PATH, HOME: folder, XDG_CONFIG_HOME: folder, ...env });
}
