import { connect, type NatsConnection } from 'nats';
import { placeOrder } from '../../app/place.ts';
import { loadOrderPolicy } from '../../config/order-policy.ts';
import { askByInbox, openReplyQueue } from '../../docs/examples/ask.ts';
import { inTurns } from '../kit/in-turns.ts';
import type { Chart, Measurement, Report } from '../kit/report.ts';
import { pointOf, quantile, shown, spreadOf, type Spread } from '../kit/spread.ts';
import { labOrder } from '../lab-order.ts';
import { withLabShop, type LabShop } from '../open-shop.ts';

const [atOnce, seconds] = [32, 3];

type Ask = (question: string, body: object) => Promise<unknown>;

/** The milliseconds that each answer took, with so many questions under way for so long. */
async function answers(asking: Ask, question: string, body: object): Promise<readonly number[]> {
  const took: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const one = async () => {
    while (performance.now() < end) {
      const began = performance.now();
      await asking(question, body);
      took.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return took;
}

/** An order that has ended, so that its status comes from PostgreSQL alone. */
async function completedOrder({ client }: LabShop): Promise<string> {
  const placing = { client, event: labOrder(), policy: loadOrderPolicy({}), deadlineMs: 60_000 };
  const { orderId, workflowId } = await placeOrder(placing);
  await client.workflow.getHandle(workflowId).result();
  return orderId;
}

/** One way to ask one question: asks per second and times of an answer, over the runs. */
interface Way {
  readonly side: string;
  readonly perSecond: Spread;
  readonly p50: Spread;
  readonly p99: Spread;
}

async function compare(nats: NatsConnection, orderId: string, runs: number, say: (line: string) => void) {
  const queue = openReplyQueue(nats);
  const ways = { 'temporary inbox': askByInbox.bind(null, nats), 'shared reply queue': queue.ask } as const;
  const isbns = ['9780134685991', '9780132350884'];
  const questions = { 'order-status': { orderId }, stock: { isbns } } as const;
  const sides = Object.fromEntries(
    Object.entries(questions).flatMap(([question, body]) =>
      Object.entries(ways).map(([way, asking]) => [`${question}, ${way}`, () => answers(asking, question, body)]),
    ),
  );
  for (const warmUp of Object.values(sides)) await warmUp();
  const took = await inTurns(runs, sides, (side, run, { length }) =>
    say(`run ${run}, ${side}: ${Math.round(length / seconds)} asks/s`),
  );
  queue.close();
  return Object.entries(took).map(([side, each]) => wayOf(side, each));
}

const wayOf = (side: string, runs: readonly (readonly number[])[]): Way => ({
  side,
  perSecond: spreadOf(runs.map(({ length }) => length / seconds)),
  p50: spreadOf(runs.map((times) => quantile(times, 0.5))),
  p99: spreadOf(runs.map((times) => quantile(times, 0.99))),
});

const reportOf = (ways: readonly Way[]): Report => ({
  settings: { 'questions under way': atOnce, 'seconds of a run': seconds },
  figures: { ways },
  tables: [
    {
      title: 'Questions to the shop, by two ways',
      columns: ['question, way', 'asks/s', 'p50 ms', 'p99 ms'],
      rows: ways.map(({ side, perSecond, p50, p99 }) => [side, shown(perSecond), shown(p50, 1), shown(p99, 1)]),
    },
  ],
  charts: [chartOf(ways)],
  notes: [
    'One process answers, one asks. The time goes into PostgreSQL more than into the way, so that this says little of the ways alone: `request-reply` does.',
  ],
});

const chartOf = (ways: readonly Way[]): Chart => ({
  name: 'asks',
  title: 'Questions answered in a second',
  kind: 'bars',
  xLabel: 'question, way',
  yLabel: 'asks/s',
  series: [
    {
      name: 'asks/s',
      points: ways.map(({ side, perSecond }) => pointOf(side, perSecond)),
    },
  ],
});

/** Asks per second and the time of an answer, by a temporary inbox and by a shared reply queue. */
export const measurement: Measurement = {
  name: 'ask',
  summary: 'questions to the shop by a temporary inbox and by a shared reply queue',
  runs: 5,
  async measure({ runs, say }) {
    return withLabShop([['order-mediator'], ['processors'], ['relay'], ['ask']], async (shop) => {
      const nats = await connect({ servers: shop.env['NATS_URL'] ?? '' });
      shop.onClose(() => nats.close());
      return reportOf(await compare(nats, await completedOrder(shop), runs, say));
    });
  },
};
