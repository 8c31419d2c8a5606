import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { withFigures } from './figures.ts';
import { resultFolder, type Result } from './save.ts';
import { chartFile, notMade, sectionOf } from './section.ts';
import { measuredIn, withSections } from './story.ts';
import { drawChart } from './svg/draw-chart.ts';

const story = new URL('../../docs/benchmarks.md', import.meta.url);
const chapterTables = new URL('../../docs/chapter-tables.md', import.meta.url);

/** The measurements of the story, in its order, which is that of the chapter. */
export const chapterOrder = async (): Promise<readonly string[]> => measuredIn(await readFile(story, 'utf8'));

/**
 * Draws the charts of all results, and writes the sections of docs/benchmarks.md and the figures of
 * docs/chapter-tables.md. Returns the measurements that have a result and no section.
 */
export async function publish(): Promise<readonly string[]> {
  const results = await readResults();
  await drawCharts(results);
  const resultOf = (name: string) => results.find(({ measurement }) => measurement === name);
  const text = await readFile(story, 'utf8');
  const sections = withSections(text, (name) => {
    const result = resultOf(name);
    return result ? sectionOf(result) : notMade(name);
  });
  await writeMarkdown(story, sections);
  await writeMarkdown(chapterTables, withFigures(await readFile(chapterTables, 'utf8'), resultOf));
  const told = measuredIn(text);
  return results.map(({ measurement }) => measurement).filter((name) => !told.includes(name));
}

const writeMarkdown = async (file: URL, text: string): Promise<void> =>
  writeFile(file, await format(text, { parser: 'markdown', printWidth: 120 }));

async function readResults(): Promise<readonly Result[]> {
  await mkdir(resultFolder, { recursive: true });
  const files = (await readdir(resultFolder)).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(files.map(async (name) => JSON.parse(await readFile(`${resultFolder}${name}`, 'utf8')) as Result));
}

/** A chart that no result has any more goes. */
async function drawCharts(results: readonly Result[]): Promise<void> {
  const drawn = new Map(
    results.flatMap(({ measurement, charts }) =>
      charts.map((chart) => [chartFile(measurement, chart.name), drawChart(chart)] as const),
    ),
  );
  for (const name of await readdir(resultFolder))
    if (name.endsWith('.svg') && !drawn.has(name)) await rm(`${resultFolder}${name}`);
  await Promise.all([...drawn].map(([name, svg]) => writeFile(`${resultFolder}${name}`, svg)));
}
