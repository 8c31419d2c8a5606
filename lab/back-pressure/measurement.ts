import type { Measurement, MeasureOptions, Report } from '../kit/report.ts';
import { load } from './load.ts';
import { play, type Played } from './played.ts';
import { reportOf } from './report.ts';
import { intakeUnderWay, payment } from './stage.ts';

export const measurement: Measurement = {
  name: 'back-pressure',
  summary: 'payment slowed to a tenth, stopped, braked and back, while orders keep coming: every queue over time',
  // Nothing is compared: one run is the whole story.
  runs: 1,
  measure,
};

async function measure({ runs, say }: MeasureOptions): Promise<Report> {
  const all: Played[] = [];
  for (let run = 1; run <= runs; run += 1) all.push(await play((line) => say(`run ${run}: ${line}`)));
  return reportOf(all, {
    ordersPerSecond: load.perSecond,
    queuedOfFive: load.queuedOfFive,
    chargeMs: payment.chargeMs,
    paymentSlots: payment.slots,
    paymentSlotsWhenSlow: payment.slowSlots,
    INTAKE_UNDER_WAY: intakeUnderWay,
  });
}
