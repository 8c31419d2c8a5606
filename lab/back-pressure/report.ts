import { channels } from '../../contracts/channels.ts';
import type { Report, Series, Table } from '../kit/report.ts';
import { shown, spreadOf } from '../kit/spread.ts';
import type { Phase } from './phases.ts';
import type { Played } from './played.ts';
import { otherQueues, type Sample } from './queues.ts';
import { intakeUnderWay } from './stage.ts';

/** What was done to payment: from the first phase to the end of the last; it is back with `back`. */
const disturbances = [
  { name: 'slowed to a tenth', first: 'slowed to a tenth', back: 'back after slow', last: 'back after slow' },
  { name: 'stopped', first: 'stopped', back: 'back after stop', last: 'back after stop' },
  { name: 'braked', first: 'braked', back: 'released to 1/s', last: 'brake off' },
] as const;

type Disturbance = (typeof disturbances)[number];

/** The lines of chart and table: a queue, or several together. */
const lines: Readonly<Record<string, (depths: Sample['depths']) => number>> = {
  'payment-queue': (depths) => depths[channels.payment] ?? 0,
  'other channels': (depths) =>
    Object.values(channels)
      .filter((name) => name !== channels.payment)
      .reduce((sum, name) => sum + (depths[name] ?? 0), 0),
  ...Object.fromEntries(
    Object.values(otherQueues).map((name) => [name, (depths: Sample['depths']) => depths[name] ?? 0]),
  ),
};

/** What all runs say; the chart is that of the last one. */
export function reportOf(all: readonly Played[], settings: Report['settings']): Report {
  const last = all.at(-1);
  if (!last) throw new Error('There was no run.');
  const drains = Object.fromEntries(disturbances.map((of) => [of.name, all.map((played) => drainOf(played, of))]));
  return {
    settings,
    figures: {
      peaks: Object.fromEntries(disturbances.map((of) => [of.name, peaksOf(all, of)])),
      drainSeconds: Object.fromEntries(Object.entries(drains).map(([name, seconds]) => [name, spreadOf(seconds)])),
      mostQueuedUnderWay: spreadOf(all.map(({ samples }) => peak(samples, otherQueues.started))),
      ordersSent: last.sent,
      ordersCompleted: last.completed,
      ordersDrainedSeconds: spreadOf(all.map(({ ordersDrained }) => ordersDrained)),
      factsDrainedSeconds: spreadOf(all.map(({ factsDrained }) => factsDrained)),
      phases: last.phases,
    },
    tables: [peakTable(all, drains), phaseTable(last.phases), endTable(all)],
    charts: [
      {
        name: 'queues',
        title: 'What waits where, while payment is slowed, stopped and braked',
        kind: 'lines',
        xLabel: 'seconds',
        yLabel: 'waiting',
        series: Object.keys(lines).map((name) => seriesOf(name, last.samples)),
      },
    ],
    notes: notesOn(all),
  };
}

const seriesOf = (name: string, samples: readonly Sample[]): Series => ({
  name,
  points: samples.map(({ second, depths }) => ({ x: second, y: lines[name]?.(depths) ?? 0 })),
});

const peak = (samples: readonly Sample[], name: string): number =>
  Math.max(0, ...samples.map(({ depths }) => lines[name]?.(depths) ?? 0));

const phaseOf = ({ phases }: Played, name: string): Phase => {
  const found = phases.find((phase) => phase.name === name);
  if (!found) throw new Error(`There was no phase ${name}.`);
  return found;
};

function samplesOf(played: Played, { first, last }: Disturbance): readonly Sample[] {
  const [from, to] = [phaseOf(played, first).from, phaseOf(played, last).to];
  return played.samples.filter(({ second }) => second >= from && second <= to);
}

const peaksOf = (all: readonly Played[], of: Disturbance) =>
  Object.fromEntries(
    Object.keys(lines).map((name) => [name, spreadOf(all.map((played) => peak(samplesOf(played, of), name)))]),
  );

/** So few charges wait at times also when nothing is wrong. */
const fewWait = 3;

/** Seconds from the moment at which payment was back to the first look at which few charges waited. */
function drainOf(played: Played, { back }: Disturbance): number {
  const { from } = phaseOf(played, back);
  const drained = played.samples.find(
    ({ second, depths }) => second > from + statsAgeSeconds && (lines['payment-queue']?.(depths) ?? 0) <= fewWait,
  );
  return (drained?.second ?? Number.NaN) - from;
}

/** Temporal counts a backlog anew every five seconds. */
const statsAgeSeconds = 5;

function peakTable(all: readonly Played[], drains: Readonly<Record<string, readonly number[]>>): Table {
  const columns = ['queue', ...disturbances.map(({ name }) => name)];
  const rows = Object.keys(lines).map((line) => [
    line,
    ...disturbances.map((of) => shown(spreadOf(all.map((played) => peak(samplesOf(played, of), line))))),
  ]);
  const drained = ['payment-queue drained (s)', ...disturbances.map(({ name }) => shown(spreadOf(drains[name] ?? [])))];
  return { title: 'The most that waited in each queue: median (min to max)', columns, rows: [...rows, drained] };
}

const phaseTable = (phases: readonly Phase[]): Table => ({
  title: 'What was done to payment, and when (of the last run)',
  columns: ['phase', 'from (s)', 'to (s)'],
  rows: phases.map(({ name, from, to }) => [name, from.toFixed(0), to.toFixed(0)]),
});

const endTable = (all: readonly Played[]): Table => ({
  title: 'The end',
  columns: ['run', 'orders sent', 'completed', 'last order ended after (s)', 'last fact heard after (s)'],
  rows: all.map(({ sent, completed, ordersDrained, factsDrained }, index) => [
    index + 1,
    sent,
    completed,
    ordersDrained.toFixed(1),
    factsDrained.toFixed(1),
  ]),
});

function notesOn(all: readonly Played[]): readonly string[] {
  const lost = all.reduce((sum, { sent, completed }) => sum + sent - completed, 0);
  return [
    lost === 0
      ? 'Every order that was sent was completed.'
      : `${lost} orders that were sent were not completed: see their holds.`,
    `Queued orders wait in two places and no third: at most INTAKE_UNDER_WAY (${intakeUnderWay}) of them are under way, which bounds their part of payment-queue, and the others are rows in PostgreSQL. Orders of the client are not bounded: each is answered after step 1 and goes on to payment.`,
    'The customer-event queue itself stays short, because an event leaves it once its row is committed; the table is where a backlog of events belongs. Outbox and listeners have less to do while orders wait, and a burst when they go on.',
    'Depths of channels are Temporal’s approximate counts, which it renews every five seconds; the others are exact. Drain times are therefore known to five seconds.',
    'The machine was the limit wherever "other channels" or the outbox grew after payment was back: everything that had waited went on at once.',
  ];
}
