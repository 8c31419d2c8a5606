import { encodeEvent } from '../../broker-bridge/intake/encode-event.ts';
import { ensureCustomerEventStream } from '../../broker-bridge/nats/our-streams.ts';
import { launchWorker, type WorkerProcess } from '../../test/support/rig/worker.ts';
import { until } from '../../test/support/until.ts';
import { Course } from '../kit/course.ts';
import { numberOf } from '../kit/number-of.ts';
import type { Measurement, Report } from '../kit/report.ts';
import { addCustomers, withLabShop, type LabShop } from '../open-shop.ts';

/** Events of one customer, and of as many customers, in one run. */
const [ofOne, ofMany] = [2_000, 5_000];
const killEveryMs = 6_000;

const crew = [['intake'], ['customer-mediator'], ['order-placement'], ['intake'], ['customer-mediator']];

/** Kills the processes in turn, each while the others run, and starts another in its place. */
async function killInTurn(shop: LabShop, over: AbortSignal): Promise<number> {
  const launch = (names: readonly string[]) => launchWorker(names, shop.env, shop.folder, shop.build);
  const running: WorkerProcess[] = await Promise.all(crew.map(launch));
  let kills = 0;
  while (!over.aborted) {
    await new Promise((resolve) => setTimeout(resolve, killEveryMs));
    const at = kills % crew.length;
    await running[at]?.kill();
    running[at] = await launch(crew[at] as string[]);
    kills += 1;
  }
  await Promise.all(running.map((worker) => worker.stop()));
  return kills;
}

const street = (at: number): string => `${at} Bench Road`;

function changeOf(run: string, customerId: string, at: number) {
  const address = { name: 'Lab', street: street(at), city: 'Berlin', postcode: '10115', country: 'DE' };
  return encodeEvent({
    id: `${run}-${String(at).padStart(6, '0')}`,
    source: 'urn:lab',
    type: 'address-changed',
    data: { customerId, address },
  });
}

const complete = `SELECT count(*)::int AS n FROM mediator_store.initiating_event WHERE event_id LIKE $1 AND state = 'complete'`;

const countOutOfOrder = `SELECT count(*)::int AS n FROM (
    SELECT event_id, lag(event_id) OVER w AS before, completed_at, lag(completed_at) OVER w AS before_at
    FROM mediator_store.initiating_event WHERE event_id LIKE $1 WINDOW w AS (PARTITION BY customer_id ORDER BY position)
  ) AS row WHERE before > event_id OR before_at > completed_at`;

const countFacts = `SELECT count(*)::int AS n FROM outbox.fact WHERE name = 'customer-address-changed' AND key = ANY (
    SELECT customer_id FROM mediator_store.initiating_event WHERE event_id LIKE $1)`;

const countWrongAddresses = `SELECT count(*)::int AS n FROM order_placement.customer JOIN (
    SELECT customer_id, max(event_id) AS last FROM mediator_store.initiating_event WHERE event_id LIKE $1 GROUP BY 1
  ) AS done USING (customer_id) WHERE address ->> 'street' <> (right(last, 6)::int)::text || ' Bench Road'`;

/** One after the other, because the order of the queue is what is looked at. */
async function sendAll({ broker }: LabShop, run: string, count: number, customerOf: (at: number) => string) {
  for (let at = 1; at <= count; at += 1) await broker.publish(changeOf(run, customerOf(at), at));
}

/** How one play ended; but for seconds and kills all should be 0. */
interface Played {
  readonly run: string;
  readonly events: number;
  readonly seconds: number;
  readonly kills: number;
  readonly outOfOrder: number;
  readonly factsTooMany: number;
  readonly wrongAddress: number;
}

/** The events of one run: of one customer, or of as many customers. */
interface Sending {
  readonly run: string;
  readonly count: number;
  readonly customerOf: (at: number) => string;
}

async function play(shop: LabShop, { run, count, customerOf }: Sending, course: Course): Promise<Played> {
  const over = new AbortController();
  const killing = killInTurn(shop, over.signal);
  const like = `${run}-%`;
  const areComplete = async () => {
    const done = await numberOf(shop.sql, complete, [like]);
    course.note({ complete: done });
    return done === count;
  };
  try {
    await sendAll(shop, run, count, customerOf);
    await until(areComplete, { within: 1_200_000, what: `${count} events` });
  } catch (error) {
    over.abort();
    await killing;
    throw error;
  }
  const { seconds } = course;
  over.abort();
  const kills = await killing;
  return {
    run,
    events: count,
    seconds: Math.round(seconds),
    kills,
    outOfOrder: await numberOf(shop.sql, countOutOfOrder, [like]),
    factsTooMany: (await numberOf(shop.sql, countFacts, [like])) - count,
    wrongAddress: await numberOf(shop.sql, countWrongAddresses, [like]),
  };
}

/** How many events are complete, in the course of the plays. */
type Courses = readonly (readonly [run: string, course: Course])[];

const isRight = ({ outOfOrder, factsTooMany, wrongAddress }: Played): boolean =>
  outOfOrder === 0 && factsTooMany === 0 && wrongAddress === 0;

function reportOf(plays: readonly Played[], courses: Courses): Report {
  const allRight = plays.every(isRight);
  if (!allRight) process.exitCode = 1;
  return {
    settings: { 'events of one customer': ofOne, customers: ofMany, 'a kill every ms': killEveryMs },
    figures: { plays },
    tables: [
      {
        title: 'Changes of address under kills',
        columns: ['run', 'events', 'seconds', 'kills', 'out of order', 'facts too many', 'wrong address at the end'],
        rows: plays.map(({ run, events, seconds, kills, outOfOrder, factsTooMany, wrongAddress }) => [
          run,
          events,
          seconds,
          kills,
          outOfOrder,
          factsTooMany,
          wrongAddress,
        ]),
      },
    ],
    charts: [
      {
        name: 'course',
        title: `Events that are complete, with a kill every ${killEveryMs / 1_000} s`,
        kind: 'lines',
        xLabel: 'seconds',
        yLabel: 'events',
        series: courses.map(([run, course]) => course.seriesOf('complete', run)),
      },
    ],
    notes: [
      allRight
        ? 'Every event was done once, and in the order of the queue.'
        : 'An event was done twice, or out of the order of the queue, or not at all.',
    ],
  };
}

/** Changes of address while one process after the other is killed: intakes, customer mediators, order placement. */
export const measurement: Measurement = {
  name: 'customer-order',
  summary: 'events of one customer and of many, once each and in order, while processes are killed',
  runs: 1,
  async measure({ runs, say }) {
    return withLabShop([], async (shop) => {
      await ensureCustomerEventStream(shop.broker);
      await addCustomers(shop, ofMany);
      const plays: Played[] = [];
      const courses: [string, Course][] = [];
      const playOne = async (sending: Sending) => {
        const course = new Course(({ complete: done }) => say(`${sending.run}: ${done} of ${sending.count} events`));
        courses.push([sending.run, course]);
        plays.push(await play(shop, sending, course));
      };
      for (let run = 1; run <= runs; run += 1) {
        await playOne({ run: `one${run}`, count: ofOne, customerOf: () => 'lab-0' });
        await playOne({ run: `many${run}`, count: ofMany, customerOf: (at) => `lab-${at}` });
        say(`run ${run}: ${plays.slice(-2).every(isRight) ? 'all right' : 'not right'}`);
      }
      return reportOf(plays, courses);
    });
  },
};
