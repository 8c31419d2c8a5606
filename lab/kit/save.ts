import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { machine, versions, type Machine } from './machine.ts';
import type { Report } from './report.ts';

/** The lab alone writes into this folder: the results as JSON, and their charts. */
export const resultFolder = fileURLToPath(new URL('../../docs/benchmarks/', import.meta.url));

/** A result as it lies in `docs/benchmarks/<name>.json`; its figures stand beside these at the top level. */
export interface Result extends Omit<Report, 'figures'> {
  readonly measurement: string;
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: number;
}

/**
 * Writes what a measurement found to `docs/benchmarks/<name>.json`, and to `file` when one is named. Returns what it
 * has written.
 */
export async function save(name: string, runs: number, report: Report, file: string | undefined): Promise<Result> {
  const { settings, figures, tables, charts, notes } = report;
  const about = { measurement: name, measuredAt: new Date().toISOString(), machine: machine(), versions: versions() };
  const result: Result = { ...about, runs, settings, ...figures, tables, charts, notes };
  const text = `${JSON.stringify(result, undefined, 2)}\n`;
  await mkdir(resultFolder, { recursive: true });
  await writeFile(`${resultFolder}${name}.json`, text);
  if (file !== undefined) await writeFile(file, text);
  return result;
}
