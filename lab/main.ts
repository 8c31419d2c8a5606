import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { makeAll } from './kit/make-all.ts';
import { make, tell } from './kit/make.ts';
import { loadMeasurement, measurementNames } from './kit/measurements.ts';
import { publish } from './kit/publish.ts';

/*
 * `npm run lab` lists the measurements, `npm run lab -- NAME` makes one, `npm run lab -- all` makes them all in the
 * order of docs/benchmarks.md, and `npm run lab -- report` only writes that file and the charts anew. A measurement is
 * a folder here with a file `measurement.ts`; adding one touches no other folder.
 */

const usage = `npm run lab -- NAME [--runs N] [--json FILE], where NAME is one of these,
all (one after the other), or report (docs/benchmarks.md and the charts are written again from the results):`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string' }, json: { type: 'string' } },
  });
  const names = await measurementNames();
  const [name] = positionals;
  if (name === undefined) return list(names);
  if (name === 'report') return tell(publish());
  if (name === 'all') {
    if (values.json !== undefined) return fail('--json goes with one measurement, not with all.');
    return makeAll(names, values.runs);
  }
  if (!names.includes(name)) return fail(`There is no measurement ${name}; npm run lab lists them.`);
  Runtime.install({ logger: new DefaultLogger('WARN') });
  await make(await loadMeasurement(name), values);
}

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}

async function list(names: readonly string[]): Promise<void> {
  console.log(usage);
  for (const name of names) console.log(`  ${name.padEnd(22)} ${(await loadMeasurement(name)).summary}`);
}

await main();
