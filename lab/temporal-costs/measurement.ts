import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurns } from '../kit/in-turns.ts';
import type { MeasureOptions, Measurement, Report } from '../kit/report.ts';
import { clusterBinaries } from './cluster-binaries.ts';
import { reportOf } from './report.ts';
import { runOf, type Run } from './run.ts';
import { variantsOf, type Variant } from './variants.ts';

/** What Temporal itself costs, and what its settings change. */
export const measurement: Measurement = {
  name: 'temporal-costs',
  summary: 'the bare workflow of five steps under the settings of Temporal’s server and workers',
  runs: 3,
  async measure(options): Promise<Report> {
    const folder = await mkdtemp(join(tmpdir(), 'temporal-costs-'));
    try {
      return await measured(folder, options);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measured(folder: string, { runs, say }: MeasureOptions): Promise<Report> {
  const binaries = await clusterBinaries(say);
  let number = 0;
  const turnOf = (variant: Variant) => () => runOf(variant, join(folder, String((number += 1))));
  const turns = Object.fromEntries(variantsOf(binaries).map((variant) => [variant.name, turnOf(variant)]));
  const tell = (name: string, round: number, { perSecond, p50, serverMs }: Run): void =>
    say(
      `run ${round}, ${name}: ${perSecond.toFixed(1)}/s, p50 ${p50.toFixed(0)} ms, ${serverMs.toFixed(0)} ms of server CPU`,
    );
  return reportOf(await inTurns(runs, turns, tell), binaries !== null);
}
