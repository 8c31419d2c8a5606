import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measurement } from './report.ts';
import { chapterOrder } from './publish.ts';

const lab = fileURLToPath(new URL('..', import.meta.url));

/** The names of all measurements: those of the story in its order, then the others. */
export async function measurementNames(): Promise<readonly string[]> {
  const there = readdirSync(lab).filter((name) => existsSync(`${lab}${name}/measurement.ts`));
  const told = (await chapterOrder()).filter((name) => there.includes(name));
  return [...new Set([...told, ...there])];
}

/** The measurement in a folder of the lab. */
export async function loadMeasurement(name: string): Promise<Measurement> {
  const { measurement } = (await import(`../${name}/measurement.ts`)) as { readonly measurement: Measurement };
  return measurement;
}
