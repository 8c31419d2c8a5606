import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonIn } from '../../contracts/schemas/read-json.ts';
import type { MeasurementView } from './api/measurements.ts';
import { Failure } from './failure.ts';
import type { Measurements } from './ports.ts';

/** `npm run lab` writes into this folder of a checkout; `dist/` has none. */
export const resultFolder = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks');

const shown = z.union([z.string(), z.number()]);

const result: z.ZodType<MeasurementView> = z.object({
  measurement: z.string(),
  measuredAt: z.iso.datetime(),
  runs: z.number(),
  machine: z.object({ processor: z.string(), cores: z.number(), memoryGiB: z.number(), system: z.string() }),
  versions: z.record(z.string(), z.string()),
  settings: z.record(z.string(), shown),
  tables: z.array(z.object({ title: z.string(), columns: z.array(z.string()), rows: z.array(z.array(shown)) })),
  charts: z.array(z.object({ name: z.string(), title: z.string() })),
  notes: z.array(z.string()),
});

/** The results of the lab, as they lie in a folder. A file that is no result, or is being written, is left out. */
export const createMeasurements = (folder = resultFolder): Measurements => ({
  async list() {
    const files = await namesIn(folder, '.json');
    const read = await Promise.all(files.map(async (name) => jsonIn(await readFile(join(folder, name), 'utf8'))));
    const results = read.map((json) => result.safeParse(json)).flatMap(({ data }) => (data ? [data] : []));
    return { measurements: results.toSorted((one, other) => other.measuredAt.localeCompare(one.measuredAt)) };
  },
  async chart(name) {
    // Only a name that the folder lists is opened, so that no path leads out of it.
    if ((await namesIn(folder, '.svg')).includes(name)) return readFile(join(folder, name), 'utf8');
    throw new Failure('not-found', 'There is no such chart.');
  },
});

/** The files of this kind in the folder; none when there is no folder. */
async function namesIn(folder: string, kind: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith(kind)).map(({ name }) => name);
}
