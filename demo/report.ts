import { open, writeFile } from 'node:fs/promises';
import type { OrderView } from '../app/order-view.ts';
import { sentenceOf, AppError } from '../app/app-error.ts';
import type { Ended } from './summary.ts';
import type { Versions } from './versions.ts';

/** What `--report` writes. `orders` are as `show --json` prints them; a request that was refused became no order. */
export interface Report {
  readonly seconds: number;
  readonly versions: Versions;
  readonly orders: readonly OrderView[];
  readonly scenarios: readonly {
    readonly name: string;
    readonly expected: string;
    readonly orderId: string | null;
    readonly faults: readonly string[];
  }[];
}

/** What the demo's end is worth keeping of. */
export const reportOf = (seconds: number, versions: Versions, ended: readonly Ended[]): Report => ({
  seconds,
  versions,
  orders: ended.flatMap(({ played }) => (played.view ? [played.view] : [])),
  scenarios: ended.map(({ scenario, played, faults }) => ({
    name: scenario.name,
    expected: scenario.ends,
    orderId: played.view?.orderId ?? null,
    faults,
  })),
});

/** Writes the report. Fails with a sentence that names the file. */
export async function writeReport(file: string, report: Report): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    throw new Error(`The report cannot be written to ${file}: ${sentenceOf(error)}`, { cause: error });
  }
}

/** Fails before the demo begins when its report could not be written at the end. */
export async function requireWritable(file: string): Promise<void> {
  try {
    await (await open(file, 'a')).close();
  } catch (error) {
    throw new AppError('bad-input', `--report ${file} cannot be written: ${sentenceOf(error)}`, { cause: error });
  }
}
