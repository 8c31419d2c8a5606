import { connect, type NatsConnection } from 'nats';
import { launchNats } from '../../stack/launch/nats.ts';
import { launchEntry } from '../kit/entry.ts';
import { inTurns } from '../kit/in-turns.ts';
import type { Chart, Measurement, Report, Table } from '../kit/report.ts';
import { inScratch, type Scratch } from '../kit/scratch.ts';
import { pointOf, quantile, shown, spreadOf, type Spread } from '../kit/spread.ts';
import { cpuOf } from './cpu.ts';
import {
  byCorrelationId,
  byDurableCorrelationId,
  byDurableTemporaryQueue,
  byTemporaryQueue,
  replyStream,
  type Requester,
} from './requester.ts';

const inFlight = [1, 10, 100, 1_000] as const;
const secondsARun = 1;
const body = 'x'.repeat(200);

/** The requests of one run. Times are milliseconds, CPU is milliseconds for each request. */
interface Ran {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
}

/** Request-reply over NATS: correlation ids on one reply subject beside a temporary queue for each request. */
export const measurement: Measurement = {
  name: 'request-reply',
  summary: 'a correlation id against a temporary queue for each request, at 1, 10, 100 and 1,000 in flight',
  runs: 5,
  measure: ({ runs, say }) =>
    inScratch(async (scratch) => {
      const { ways, cpu } = await openWays(scratch);
      for (const requester of Object.values(ways)) await keepAsking(requester, 10, cpu, 0.3); // warms up
      const measured: Record<string, Readonly<Record<string, readonly Ran[]>>> = {};
      for (const many of inFlight) {
        say(`${many} in flight`);
        const sides = Object.entries(ways).map(([way, requester]) => [
          way,
          () => keepAsking(requester, many, cpu, secondsARun),
        ]);
        measured[many] = await inTurns<Ran>(runs, Object.fromEntries(sides));
      }
      return report(measured);
    }),
};

type Ways = Readonly<Record<string, Requester>>;

async function openWays({ folder, onClose }: Scratch): Promise<{ readonly ways: Ways; cpu(): number }> {
  const server = await launchNats({ folder: `${folder}/nats` });
  onClose(server.stop);
  const responder = await launchEntry('lab/request-reply/responder.ts', folder, { natsUrl: server.url });
  onClose(responder.stop);
  const nats: NatsConnection = await connect({ servers: server.url });
  onClose(() => nats.close());
  const management = await nats.jetstreamManager({ timeout: 30_000 });
  // By itself nats-server 2.15 lets a stream have 1,000 consumers, which is 1,000 requests in flight.
  await management.streams.add({ ...replyStream, max_age: 60_000_000_000, max_consumers: 5_000 });
  const ways = {
    'correlation id': byCorrelationId(nats),
    'temporary queue': byTemporaryQueue(nats),
    'correlation id, replies on disk': await byDurableCorrelationId(nats, management),
    'temporary queue, replies on disk': byDurableTemporaryQueue(nats, management),
  };
  for (const { close } of Object.values(ways)) onClose(close);
  const pids = [process.pid, server.pid, responder.pid];
  return { ways, cpu: () => pids.reduce((sum, pid) => sum + cpuOf(pid), 0) };
}

/** Keeps so many requests under way for so long, and waits for the last replies. */
async function keepAsking(requester: Requester, many: number, cpu: () => number, seconds: number): Promise<Ran> {
  const took: number[] = [];
  const cpuBefore = cpu();
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  const one = async () => {
    do {
      const sent = performance.now();
      if ((await requester.ask(body)) !== body) throw new Error('A reply belongs to another request.');
      took.push(performance.now() - sent);
    } while (performance.now() < end);
  };
  await Promise.all(Array.from({ length: many }, one));
  const perSecond = (took.length * 1_000) / (performance.now() - begun);
  return { perSecond, p50: quantile(took, 0.5), p99: quantile(took, 0.99), cpu: (cpu() - cpuBefore) / took.length };
}

type Measured = Readonly<Record<string, Readonly<Record<string, readonly Ran[]>>>>;

const spreads = (runs: readonly Ran[]): Readonly<Record<keyof Ran, Spread>> => ({
  perSecond: spreadOf(runs.map(({ perSecond }) => perSecond)),
  p50: spreadOf(runs.map(({ p50 }) => p50)),
  p99: spreadOf(runs.map(({ p99 }) => p99)),
  cpu: spreadOf(runs.map(({ cpu }) => cpu)),
});

function report(measured: Measured): Report {
  const cells = Object.entries(measured).flatMap(([many, ways]) =>
    Object.entries(ways).map(([way, runs]) => ({ many: Number(many), way, ...spreads(runs) })),
  );
  return {
    settings: { bodyBytes: body.length, secondsARun, responders: 1, 'JetStream sync_interval': 'always' },
    figures: { requestReply: cells },
    tables: [tableOf(cells)],
    charts: [
      chartOf('per-second', 'Requests per second', 'requests/s', cells, 'perSecond'),
      chartOf('p99', 'Time until the reply, p99', 'ms', cells, 'p99'),
    ],
    notes,
  };
}

type Cell = ReturnType<typeof spreads> & { readonly many: number; readonly way: string };

const tableOf = (cells: readonly Cell[]): Table => ({
  title: 'Request-reply: median of the runs (least to most)',
  columns: ['in flight', 'way', 'requests/s', 'p50 ms', 'p99 ms', 'CPU ms a request'],
  rows: cells.map(({ many, way, perSecond, p50, p99, cpu }) => [
    many,
    way,
    shown(perSecond),
    shown(p50, 2),
    shown(p99, 2),
    shown(cpu, 3),
  ]),
});

const chartOf = (
  name: string,
  title: string,
  yLabel: string,
  cells: readonly Cell[],
  what: 'perSecond' | 'p99',
): Chart => ({
  name,
  title,
  kind: 'bars',
  xLabel: 'requests in flight',
  yLabel,
  series: [...new Set(cells.map(({ way }) => way))].map((side) => ({
    name: side,
    points: cells.filter(({ way }) => way === side).map((cell) => pointOf(String(cell.many), cell[what])),
  })),
});

const notes = [
  'The first two ways keep replies in memory: a reply is lost with the client that waits for it. A temporary queue costs the server a subscription made and removed for each request; a correlation id costs the client a map.',
  'In the last two ways a stream keeps the replies on disk. There a temporary queue is a consumer made and removed for each request, two calls more that the server answers; one consumer with correlation ids serves all requests.',
  'A stream has 1,000 consumers at most unless it is told otherwise (nats-server 2.15), so that temporary queues on disk end at 1,000 requests in flight: the measurement raises that limit.',
  'One responder answers at once with the body it got, so that the times are those of the ways alone. CPU is that of the client, the responder and the NATS server together.',
];
