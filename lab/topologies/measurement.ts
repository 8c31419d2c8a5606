import { inTurns } from '../kit/in-turns.ts';
import type { Measurement, MeasureOptions, Report } from '../kit/report.ts';
import { times } from './dead-payment.ts';
import { notes } from './notes.ts';
import { sideNames, withSides, type Side, type SideName } from './sides.ts';
import { measureSpeed, sizes, warm, type SpeedRun } from './speed.ts';
import { speedChart, speedFigures, speedTable } from './speed-report.ts';
import { makeTroubles, troubleFigures, troubleTables } from './troubles.ts';

/** Troubles take their time by themselves: so many runs of them are enough. */
const troubleRuns = (runs: number): number => Math.min(runs, 3);

/** The same orders and the same troubles by a mediator, by the hybrid, and by the broker topology. */
export const measurement: Measurement = {
  name: 'topologies',
  summary: 'mediator, hybrid and broker topology: the same orders, and the same troubles',
  runs: 5,
  measure: (options) => withSides(sideNames, (sides) => measureAll(sides, options)),
};

async function measureAll(sides: readonly Side[], { runs, say }: MeasureOptions): Promise<Report> {
  for (const side of sides) await warm(side);
  const ways = Object.fromEntries(sides.map((side) => [side.name, () => measureSpeed(side)]));
  const speed = (await inTurns(runs, ways, (name, run, { perSecond, cpuMs }) =>
    say(`${name}, run ${run}: ${perSecond.toFixed(1)} orders/s, ${cpuMs.toFixed(0)} ms of CPU per order`),
  )) as Readonly<Record<SideName, readonly SpeedRun[]>>;
  const troubles = await makeTroubles(sides, troubleRuns(runs), say);
  return {
    settings: {
      ordersOneAtATime: sizes.oneAtATime,
      ordersAtOnce: sizes.atOnce,
      ordersPerCustomer: sizes.each,
      runsOfTroubles: troubleRuns(runs),
      paymentDeadMs: times.deadMs,
      mediatorHoldsAfter: times.holdAfter,
    },
    figures: { ...speedFigures(speed), troubles: troubleFigures(troubles) },
    tables: [speedTable(speed), ...troubleTables(troubles)],
    charts: [speedChart(speed)],
    notes,
  };
}
