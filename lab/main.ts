import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Measurement, Report, Table } from './kit/report.ts';
import { machine } from './kit/machine.ts';
import { save } from './kit/save.ts';

/*
 * `npm run lab` lists the measurements, `npm run lab -- NAME` makes one, `npm run lab -- all` makes them all, one after
 * the other. A measurement is a folder here with a file `measurement.ts`; adding one touches no other folder.
 */

const usage = 'npm run lab -- NAME [--runs N] [--json FILE], where NAME is one of these, or all:';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string' }, json: { type: 'string' } },
  });
  const all = await Promise.all(names().map(load));
  const [name] = positionals;
  if (name === undefined) return list(all);
  const chosen = name === 'all' ? all : all.filter((measurement) => measurement.name === name);
  if (chosen.length === 0) throw new Error(`There is no measurement ${name}; npm run lab lists them.`);
  if (values.json !== undefined && chosen.length > 1)
    throw new Error('--json goes with one measurement, not with all.');
  Runtime.install({ logger: new DefaultLogger('WARN') });
  for (const measurement of chosen) await make(measurement, values);
}

const names = (): readonly string[] =>
  readdirSync(import.meta.dirname).filter((name) => existsSync(`${import.meta.dirname}/${name}/measurement.ts`));

async function load(name: string): Promise<Measurement> {
  const { measurement } = (await import(`./${name}/measurement.ts`)) as { readonly measurement: Measurement };
  return measurement;
}

function list(all: readonly Measurement[]): void {
  console.log(usage);
  for (const { name, summary } of all) console.log(`  ${name.padEnd(22)} ${summary}`);
}

interface Options {
  readonly runs?: string | undefined;
  readonly json?: string | undefined;
}

async function make({ name, summary, runs: usual, measure }: Measurement, options: Options): Promise<void> {
  const runs = options.runs === undefined ? usual : Number(options.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs must be a whole number from 1 on.');
  const { processor, cores, memoryGiB } = machine();
  console.log(`${name}: ${summary}\n${cores} cores, ${processor}, ${memoryGiB} GiB; ${runs} runs`);
  const report = await measure({ runs, say: (line) => console.log(`  ${line}`) });
  await save(name, runs, report, options.json);
  print(report);
}

function print({ tables, notes }: Report): void {
  for (const table of tables) console.log(`\n${table.title}\n${textOf(table)}`);
  for (const note of notes) console.log(`\n${note}`);
}

function textOf({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

await main();
