import { createRepairCaseStore } from '../../activities/repair/case-store.ts';
import { createDeadLetters } from '../../broker-bridge/dead-letter/dead-letters.ts';
import { startIntake } from '../../broker-bridge/intake/intake.ts';
import { ensureCustomerEventStream } from '../../broker-bridge/nats/our-streams.ts';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import { loadConfig } from '../../config/config.ts';
import { repairPolicy } from '../../config/repair-policy.ts';
import { eventRegistry } from '../../workers/resources.ts';
import { inTurns } from '../kit/in-turns.ts';
import type { Measurement, MeasureOptions, Report } from '../kit/report.ts';
import { addCustomers, labLog, withLabShop, type LabShop } from '../open-shop.ts';
import { eventMaker } from './events.ts';
import { measureGood } from './good-events.ts';
import { repairingInPlace } from './in-place.ts';
import type { Measured } from './measured.ts';
import { publishSteadily } from './publishing.ts';
import { reportOf } from './report.ts';

const seconds = 10;
const burst = 600;
const badShare = 0.1;
const registry = eventRegistry({});
const next = eventMaker();

/**
 * The effect of bad events on the good ones, with the workflow event pattern and with a consumer that repairs in place.
 */
export const measurement: Measurement = {
  name: 'bad-events',
  summary: 'good events beside 10 % bad ones: handed over (workflow event pattern), or repaired in place',
  runs: 5,
  async measure(options) {
    const workers = [['order-placement'], ['customer-mediator', 'workflow-processor'], ['relay']];
    return withLabShop(workers, (shop) => compare(shop, options));
  },
};

async function compare(shop: LabShop, { runs, say }: MeasureOptions): Promise<Report> {
  await ensureCustomerEventStream(shop.broker);
  await addCustomers(shop, 2 * burst + Math.ceil(runs * seconds * 4 * 200));
  await saturation(shop, 'warm', Math.ceil(burst / 5));
  const most = await saturation(shop, 'most', burst);
  const rate = most / 2;
  say(`the intake and its mediators complete ${most.toFixed(1)} good events/s at most; half of it is sent`);
  let turn = 0;
  const side = (broker: Broker, share: number) => () => {
    turn += 1;
    return oneRun(shop, { run: `turn${turn}`, broker, rate, share });
  };
  const inPlace = repairingInPlace({ broker: shop.broker, database: shop.database, registry });
  const sides = {
    'pattern, none bad': side(shop.broker, 0),
    'pattern, 10 % bad': side(shop.broker, badShare),
    'in place, none bad': side(inPlace, 0),
    'in place, 10 % bad': side(inPlace, badShare),
  };
  const measured = await inTurns(runs, sides, (name, round, { perSecond, complete }: Measured) =>
    say(
      `round ${round}: ${name}: ${perSecond.toFixed(1)} good events/s, published to complete p99 ${complete.p99.toFixed(0)} ms`,
    ),
  );
  return reportOf(measured, { most, rate, seconds, burst, badShare });
}

interface Run {
  readonly run: string;
  readonly broker: Broker;
  readonly rate: number;
  readonly share: number;
}

/** One run with an intake of its own, which is ended when all events are done. */
async function oneRun(shop: LabShop, { run, broker, rate, share }: Run): Promise<Measured> {
  return withIntake(shop, broker, async () => {
    const steady = { broker: shop.broker, next: (isBad: boolean) => next(run, isBad), seconds, rate, badShare: share };
    return measureGood(shop, run, await publishSteadily(steady));
  });
}

/** Good events a second that the system completes when more of them wait than it can take. */
async function saturation(shop: LabShop, run: string, count: number): Promise<number> {
  await withIntake(shop, shop.broker, async () => {
    const all = {
      broker: shop.broker,
      next: (isBad: boolean) => next(run, isBad),
      seconds: 1,
      rate: count,
      badShare: 0,
    };
    await measureGood(shop, run, await publishSteadily(all));
  });
  const text = `SELECT extract(epoch FROM max(completed_at) - min(received_at))::float8 AS seconds
    FROM mediator_store.initiating_event WHERE event_id LIKE $1`;
  const { rows } = await shop.sql.query<{ seconds: number }>(text, [`${run}-%`]);
  return count / (rows[0]?.seconds ?? Number.NaN);
}

/** The project's own intake. What it takes from the queue comes by the given broker. */
async function withIntake<Result>(shop: LabShop, broker: Broker, work: () => Promise<Result>): Promise<Result> {
  const { client, database, env } = shop;
  const cases = createRepairCaseStore(database);
  const deadLetters = createDeadLetters({ client, cases, policy: repairPolicy, log: labLog });
  const limits = loadConfig(env).intake;
  const databaseUrl = env['DATABASE_URL'] ?? '';
  const intake = startIntake({ databaseUrl, broker, client, deadLetters, registry, log: labLog, limits });
  try {
    return await work();
  } finally {
    await intake.stop();
  }
}
