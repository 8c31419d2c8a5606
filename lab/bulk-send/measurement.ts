import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { eventClasses } from '../../app/reads/events.ts';
import { styleFor } from '../../client/print/style.ts';
import { runClient } from '../../client/program.ts';
import { Course } from '../kit/course.ts';
import type { Measurement, Report, Table } from '../kit/report.ts';
import { addCustomers, withLabShop, type LabShop } from '../open-shop.ts';
import { discardWaiting, waitFor, type Counts } from './at-rest.ts';
import { blockSize, eventLine, perBlock } from './events.ts';

async function writeEvents(file: string, events: number): Promise<void> {
  const stream = createWriteStream(file);
  for (let at = 0; at < events; at += 1) if (!stream.write(`${eventLine(at)}\n`)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

interface Sent {
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
}

/** Sends the file as a user does, and resolves with the result that `--json` printed. */
async function send({ env, folder }: LabShop): Promise<Sent> {
  const printed: string[] = [];
  await runClient(['send', join(folder, 'events.jsonl'), '--json', '--report', join(folder, 'report.jsonl')], {
    env,
    style: styleFor({ isTerminal: false, env }),
    print: (line) => void printed.push(line),
    note: console.error,
    interrupted: new AbortController().signal,
  });
  return JSON.parse(printed[0] ?? '{}') as Sent;
}

/** What happened, and the seconds since the first event was sent. */
interface Played {
  readonly blocks: number;
  readonly sent: Sent;
  readonly sentSeconds: number;
  readonly atRest: Counts;
  readonly atRestSeconds: number;
  readonly discarded: number;
  readonly end: Counts;
  readonly endSeconds: number;
}

const secondsOf = ({ seconds }: Course): number => Number(seconds.toFixed(1));

const completeOf = (blocks: number): number => blocks * (blockSize - perBlock.discarded);

async function play(shop: LabShop, blocks: number, course: Course, say: (line: string) => void): Promise<Played> {
  const sent = await send(shop);
  const sentSeconds = secondsOf(course);
  say(`sent ${sent.sent} in ${sentSeconds} s`);
  const { byRules, discarded: bad, waiting } = perBlock;
  const isAtRest = (now: Counts) =>
    now.received === blocks * waiting &&
    !now.started &&
    now['dead-lettered'] === blocks * bad &&
    now.repaired === blocks * byRules;
  const atRest = await waitFor(shop, isAtRest, course, say);
  const atRestSeconds = secondsOf(course);
  say(`all but what waits for a person is complete after ${atRestSeconds} s`);
  const discarded = await discardWaiting(shop);
  const isOver = (now: Counts) => now.complete === completeOf(blocks) && !now.received && !now['dead-lettered'];
  const end = await waitFor(shop, isOver, course, say);
  return { blocks, sent, sentSeconds, atRest, atRestSeconds, discarded, end, endSeconds: secondsOf(course) };
}

type Sum = readonly [what: string, shouldBe: number, is: number];

const totalOf = (counts: Counts): number => Object.values(counts).reduce((total, some) => total + some, 0);

const openOf = ({ received = 0, started = 0, 'dead-lettered': deadLettered = 0 }: Counts): number =>
  received + started + deadLettered;

const sumsOf = ({ blocks, sent, atRest, discarded, end }: Played): readonly Sum[] => [
  ['events in the file', blocks * blockSize, sent.sent],
  ['acknowledged by the queue', blocks * blockSize, sent.acknowledged],
  ['refused by the queue', 0, sent.refused],
  ['rows, less those of resubmitted events', blocks * blockSize, totalOf(end) - blocks * perBlock.byRules],
  ['waiting behind what waited for a person', blocks * perBlock.waiting, atRest.received ?? 0],
  ['handed over and repaired by rules', blocks * perBlock.byRules, end.repaired ?? 0],
  ['handed over and discarded', blocks * perBlock.discarded, end.discarded ?? 0],
  ['discarded at the desk', blocks * perBlock.discarded, discarded],
  ['complete, those resubmitted among them', completeOf(blocks), end.complete ?? 0],
  ['received, started or dead-lettered at the end', 0, openOf(end)],
];

type Classes = Awaited<ReturnType<typeof eventClasses>>;

const tableOf = (classes: Classes): Table => ({
  title: 'Received to complete, by mediator class',
  columns: ['class', 'events', 'p50, s', 'p95, s'],
  rows: classes.map(({ mediatorClass, events, p50, p95 }) => [
    mediatorClass ?? 'unknown',
    events,
    p50?.toFixed(1) ?? '-',
    p95?.toFixed(1) ?? '-',
  ]),
});

function reportOf(played: Played, classes: Classes, course: Course): Report {
  const sums = sumsOf(played);
  const wrong = sums.filter(([, shouldBe, is]) => shouldBe !== is).length;
  if (wrong > 0) process.exitCode = 1;
  const { blocks, sentSeconds, atRestSeconds, endSeconds } = played;
  const events = blocks * blockSize;
  const perSecond = (seconds: number) => Math.round(events / seconds);
  return {
    settings: { events, 'bad of them': blocks * perBlock.bad },
    figures: { events, sentSeconds, atRestSeconds, endSeconds, perSecond: perSecond(atRestSeconds), wrong },
    tables: [
      {
        title: 'Events sent at once',
        columns: ['since the first was sent', 'seconds', 'events/s'],
        rows: [
          ['all are on the queue', sentSeconds, perSecond(sentSeconds)],
          ['all but what waits for a person are complete', atRestSeconds, perSecond(atRestSeconds)],
          ['all are complete, or discarded', endSeconds, perSecond(endSeconds)],
        ],
      },
      { title: 'The sums', columns: ['what', 'should be', 'is'], rows: sums },
      tableOf(classes),
    ],
    charts: [
      {
        name: 'course',
        title: `Where ${events} events are, after they were sent at once`,
        kind: 'lines',
        xLabel: 'seconds',
        yLabel: 'events',
        series: [
          course.seriesOf('complete'),
          course.seriesOf('received', 'received, not started'),
          course.seriesOf('started'),
          course.seriesOf('dead-lettered', 'with a person'),
        ],
      },
    ],
    notes: [
      wrong === 0
        ? 'Nothing was lost or doubled: every sum is as it should be.'
        : `${wrong} sums are not as they should be.`,
      'Everything was sent at once, so received to complete is mostly waiting.',
    ],
  };
}

/** Thousands of events at once through `client send`: nine in ten of the simple class, 2 % bad. */
export const measurement: Measurement = {
  name: 'bulk-send',
  summary: `thousands of events at once by \`client send\`, 2 % of them bad, and their sums; a run is ${blockSize} events`,
  runs: 10,
  measure: ({ runs: blocks, say }) =>
    withLabShop([['order-mediator'], ['mediators'], ['processors'], ['relay'], ['intake']], async (shop) => {
      await addCustomers(shop, blocks * blockSize);
      await writeEvents(join(shop.folder, 'events.jsonl'), blocks * blockSize);
      const course = new Course((counts) => say(JSON.stringify(counts)));
      const played = await play(shop, blocks, course, say);
      return reportOf(played, await eventClasses(shop.database), course);
    }),
};
