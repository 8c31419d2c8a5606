import { table } from '../../client/print/table.ts';
import { ensureCustomerEventStream } from '../../broker-bridge/nats/our-streams.ts';
import { addCustomers, openLabShop, type LabShop } from '../open-shop.ts';
import { eventMaker } from './events.ts';
import { inPlaceSubject, startInPlaceConsumer } from './in-place.ts';
import { quantile } from '../kit/spread.ts';
import { together, type Measured } from './measured.ts';
import { measurePattern } from './pattern-run.ts';
import { publishSteadily } from './publishing.ts';

/*
 * `npm run lab:erroneous-events`: measures the effect of 10 % bad events on the good ones, on a system of its own. It
 * finds the saturation load of good events first. At half of that load it runs, in turns, 0 % and 10 % bad events
 * through the queue, and the same through a consumer that repairs in place by the same rules. Good events come at the
 * same rate in all runs; the bad ones come on top.
 */

const number = (name: string, fallback: number): number => Number(process.env[name] ?? fallback);
const rounds = number('ROUNDS', 4);
const seconds = number('SECONDS', 20);
const burst = number('BURST', 1500);
const badShare = number('BAD', 0.1);
const repairMs = number('REPAIR_MS', 50);
const next = eventMaker();

/** Good events a second that the system completes when more of them wait than it can take. */
async function saturation(shop: LabShop, run: string, count: number): Promise<number> {
  const makes = (isBad: boolean) => next(run, isBad);
  const published = await publishSteadily({ broker: shop.broker, next: makes, seconds: 1, rate: count, badShare: 0 });
  await measurePattern(shop, run, published);
  const { rows } = await shop.sql.query<{ seconds: number }>(
    `SELECT extract(epoch FROM max(completed_at) - min(received_at))::float8 AS seconds FROM mediator_store.initiating_event WHERE event_id LIKE $1`,
    [`${run}-%`],
  );
  return count / (rows[0]?.seconds ?? Number.NaN);
}

const kinds = ['pattern, 0 % bad', 'pattern, bad', 'in place, 0 % bad', 'in place, bad'] as const;

async function measureAll(shop: LabShop, rate: number): Promise<ReadonlyMap<string, Measured>> {
  const inPlace = await startInPlaceConsumer(shop, repairMs);
  const runs = new Map<string, Measured[]>(kinds.map((kind) => [kind, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, kind] of kinds.entries()) {
      const run = `r${round}-${index}`;
      const share = index % 2 === 0 ? 0 : badShare;
      const steady = {
        broker: shop.broker,
        next: (isBad: boolean) => next(run, isBad),
        seconds,
        rate,
        badShare: share,
      };
      const measured =
        index < 2
          ? await measurePattern(shop, run, await publishSteadily(steady))
          : await inPlace.measure(await publishSteadily({ ...steady, subject: inPlaceSubject }));
      runs.get(kind)?.push(measured);
      const p99 = quantile(measured.times['published to started'] ?? [], 0.99).toFixed(0);
      console.log(
        `  round ${round}: ${kind}: ${measured.perSecond.toFixed(1)} good events/s, published to started p99 ${p99} ms`,
      );
    }
  }
  await inPlace.stop();
  return new Map([...runs].map(([kind, all]) => [kind, together(all)]));
}

function print(all: ReadonlyMap<string, Measured>): void {
  const columns = ['', 'events', 'per second', 'p50', 'p99'].map((heading) => ({ heading }));
  const rows = [...all].flatMap(([kind, { perSecond, times }]) =>
    Object.entries(times).map(([what, values]) => [
      `${kind}: ${what}`,
      String(values.length),
      perSecond.toFixed(1),
      `${quantile(values, 0.5).toFixed(0)} ms`,
      `${quantile(values, 0.99).toFixed(0)} ms`,
    ]),
  );
  for (const line of table(columns, rows)) console.log(line);
  for (const [name, [clean, dirty]] of Object.entries({ pattern: kinds.slice(0, 2), 'in place': kinds.slice(2) })) {
    const [without, withBad] = [all.get(clean ?? ''), all.get(dirty ?? '')];
    if (!without || !withBad) continue;
    console.log(`\n${name}, ${badShare * 100} % bad against none, good events:`);
    console.log(`  throughput ${((withBad.perSecond / without.perSecond) * 100).toFixed(1)} %`);
    for (const what of Object.keys(without.times)) {
      const ratio = quantile(withBad.times[what] ?? [], 0.99) / quantile(without.times[what] ?? [], 0.99);
      console.log(`  p99 ${what} ${ratio.toFixed(2)} times`);
    }
  }
}

const shop = await openLabShop([
  ['order-placement'],
  ['customer-mediator', 'workflow-processor'],
  ['relay'],
  ['intake'],
]);
try {
  await ensureCustomerEventStream(shop.broker);
  await addCustomers(shop, 4 * burst + Math.ceil(rounds * seconds * 4 * 200));
  await saturation(shop, 'warm', Math.ceil(burst / 5));
  const most = await saturation(shop, 'most', burst);
  console.log(`saturation ${most.toFixed(1)} events/s; a repair in place takes ${repairMs} ms; half of it is sent:`);
  print(await measureAll(shop, most / 2));
} finally {
  await shop.close();
}
