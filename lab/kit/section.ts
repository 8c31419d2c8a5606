import type { Table } from './report.ts';
import type { Result } from './save.ts';

/** A result as Markdown: when, where and with which settings it was measured, its tables, charts and notes. */
export function sectionOf(result: Result): string {
  const { measurement, tables, charts, notes } = result;
  return [
    plain(aboutOf(result)),
    ...tables.map(tableOf),
    ...charts.map(({ name, title }) => `![${plain(title)}](benchmarks/${chartFile(measurement, name)})`),
    notes.map((note) => `- ${plain(note)}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The section of a measurement without a result. */
export const notMade = (name: string): string =>
  `_It was not measured yet: \`npm run lab -- ${name}\` does it, and writes the result here._`;

/** The file of a chart in the folder of the results. */
export const chartFile = (measurement: string, chart: string): string => `${measurement}-${chart}.svg`;

/** When, where and with what it was measured. */
export function aboutOf({ measurement, measuredAt, machine, versions, runs, settings }: Result): string {
  const { processor, cores, memoryGiB, system } = machine;
  const where = `${cores} cores (${processor}), ${memoryGiB} GiB, ${system}`;
  const about = `Measured on ${measuredAt.slice(0, 10)} by \`npm run lab -- ${measurement}\`, ${runsShown(runs)}, on ${where}.`;
  const lists = [listOf('With', versions), listOf('Settings:', settings)];
  return [about, ...lists].filter((sentence) => sentence !== '').join(' ');
}

const runsShown = (runs: number): string => (runs === 1 ? 'one run' : `${runs} runs`);

function listOf(begin: string, pairs: Readonly<Record<string, string | number>>): string {
  const shown = Object.entries(pairs).map(([name, value]) => `${name} ${value}`);
  return shown.length === 0 ? '' : `${begin} ${shown.join(', ')}.`;
}

const tableOf = ({ title, columns, rows }: Table): string =>
  [`**${plain(title)}**`, [row(columns), row(columns.map(() => '---')), ...rows.map(row)].join('\n')].join('\n\n');

const row = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => plain(String(cell)).replaceAll('|', '\\|')).join(' | ')} |`;

/** On one line, and without markup but code: what is between backticks stays as it is. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .split(/(`[^`]*`)/)
    .map((part, at) => (at % 2 === 1 ? part : part.replace(/[\\*_<>[\]`]/g, '\\$&')))
    .join('');
