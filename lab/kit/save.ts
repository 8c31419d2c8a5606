import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { machine, versions } from './machine.ts';
import type { Report } from './report.ts';

const folder = fileURLToPath(new URL('../../docs/benchmarks/', import.meta.url));

/** Writes what a measurement found to `docs/benchmarks/<name>.json`, and to `file` when one is named. */
export async function save(name: string, runs: number, report: Report, file: string | undefined): Promise<void> {
  const { settings, figures, tables, charts, notes } = report;
  const about = { measurement: name, measuredAt: new Date().toISOString(), machine: machine(), versions: versions() };
  const text = `${JSON.stringify({ ...about, runs, settings, ...figures, tables, charts, notes }, undefined, 2)}\n`;
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}${name}.json`, text);
  if (file !== undefined) await writeFile(file, text);
}
