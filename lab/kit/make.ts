import { machine } from './machine.ts';
import { publish } from './publish.ts';
import type { Measurement, Table } from './report.ts';
import { save, type Result } from './save.ts';
import { aboutOf } from './section.ts';

/** As they are given on the command line. */
export interface MakeOptions {
  readonly runs?: string | undefined;
  readonly json?: string | undefined;
}

/** Makes a measurement: prints and saves what it found, draws its charts and brings docs/benchmarks.md up to date. */
export async function make({ name, summary, runs: usual, measure }: Measurement, options: MakeOptions): Promise<void> {
  const runs = options.runs === undefined ? usual : Number(options.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs must be a whole number from 1 on.');
  const { processor, cores, memoryGiB } = machine();
  console.log(`${name}: ${summary}\n${cores} cores, ${processor}, ${memoryGiB} GiB; runs: ${runs}`);
  const report = await measure({ runs, say: (line) => console.log(`  ${line}`) });
  print(await save(name, runs, report, options.json));
  await tell(publish());
}

/** Says which results docs/benchmarks.md has no section for. */
export async function tell(published: Promise<readonly string[]>): Promise<void> {
  console.log('\ndocs/benchmarks.md and its charts are up to date.');
  for (const name of await published)
    console.log(`It has no section for ${name}: write <!-- measured: ${name} --> and <!-- end --> where it belongs.`);
}

function print(result: Result): void {
  const { tables, notes } = result;
  for (const table of tables) console.log(`\n${table.title}\n${textOf(table)}`);
  for (const note of notes) console.log(`\n${note}`);
  console.log(`\n${aboutOf(result)}`);
}

function textOf({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}
