import { join } from 'node:path';
import pg from 'pg';
import { connectBroker } from '../../broker-bridge/nats/connect.ts';
import { launchNats } from '../../stack/launch/nats.ts';
import { freePort } from '../../stack/launch/ports.ts';
import { launchPostgres } from '../../stack/launch/postgres.ts';
import type { RunningProcess } from '../../stack/launch/process.ts';
import { until } from '../../test/support/until.ts';
import { launchEntry } from '../kit/entry.ts';
import { inTurns } from '../kit/in-turns.ts';
import type { Measurement } from '../kit/report.ts';
import { inScratch, type Scratch } from '../kit/scratch.ts';
import { seeded, shuffled } from '../kit/seeded.ts';
import { quantile } from '../kit/spread.ts';
import { labLog } from '../open-shop.ts';
import { bidStream, entries, type AuctionSettings, type Bid } from './bid.ts';
import { sendAsEvent, sendAsRequest, type SendBid } from './bidders.ts';
import { reportOf, settings, type Ran } from './report.ts';
import { createTables, openAuction, stateOf } from './store.ts';

const { bidders, bidsEach } = settings;
const total = bidders * bidsEach;

/** Bids as events beside the same bids as requests with a lock, each also with a kill in the midst. */
export const measurement: Measurement = {
  name: 'auction',
  summary: 'bids as events against bids as requests with a lock: the highest wins, and none is lost',
  runs: 5,
  measure: ({ runs, say }) =>
    inScratch(async (scratch) => {
      const house = await openHouse(scratch);
      let run = 0;
      const side = (way: Way, isKilled: boolean) => () => auction(house, way, isKilled, (run += 1));
      const measured = await inTurns<Ran>(
        runs,
        {
          events: side('events', false),
          requests: side('requests', false),
          'events, consumer killed': side('events', true),
          'requests, server killed': side('requests', true),
        },
        (name, number, { perSecond }) => say(`${name}, run ${number}: ${perSecond.toFixed(0)} bids/s`),
      );
      return reportOf(measured);
    }),
};

type Way = keyof typeof entries;

interface House {
  readonly sql: pg.Pool;
  readonly send: Readonly<Record<Way, SendBid>>;
  /** Kills the process that takes the bids, and starts it anew. */
  crash(way: Way): Promise<void>;
}

async function openHouse({ folder, onClose }: Scratch): Promise<House> {
  const started = await Promise.all([
    launchNats({ folder: join(folder, 'nats') }),
    launchPostgres({ folder: join(folder, 'postgres') }),
  ]);
  for (const server of started) onClose(server.stop);
  const [nats, postgres] = started;
  const sql = new pg.Pool({ connectionString: postgres.url, max: 2 });
  onClose(() => sql.end());
  await createTables(sql);
  const broker = await connectBroker({ url: nats.url, name: 'bidders', log: labLog });
  onClose(() => broker.close());
  const { name, subject } = bidStream;
  await broker.ensureStream({
    name,
    subjects: [subject],
    keeps: 'broadcast',
    duplicateWindowSeconds: 120,
    maxAgeDays: 1,
  });
  const port = await freePort();
  const addresses: AuctionSettings = { databaseUrl: postgres.url, natsUrl: nats.url, port };
  const launch = (way: Way) => launchEntry(entries[way], folder, addresses);
  const running: Record<Way, RunningProcess> = { events: await launch('events'), requests: await launch('requests') };
  onClose(() => Promise.all(Object.values(running).map((process) => process.stop())));
  const requests = sendAsRequest(port, bidders);
  onClose(requests.close);
  const crash = async (way: Way) => {
    await running[way].kill();
    running[way] = await launch(way);
  };
  return { sql, send: { events: sendAsEvent(broker), requests: requests.send }, crash };
}

/**
 * All bidders bid at once, each its bids one after the other. Fails when a bid is lost, or when the highest does not
 * win.
 */
async function auction({ sql, send, crash }: House, way: Way, isKilled: boolean, run: number): Promise<Ran> {
  const name = `auction-${run}`;
  await openAuction(sql, name);
  const bids = bidsOf(name, run);
  const took: number[] = [];
  let crashed: Promise<void> | undefined;
  const begun = performance.now();
  const bidder = async (own: readonly Bid[]) => {
    for (const bid of own) {
      const sent = performance.now();
      await send[way](bid);
      took.push(performance.now() - sent);
      if (isKilled && took.length >= total / 2) crashed ??= crash(way);
    }
  };
  await Promise.all(
    Array.from({ length: bidders }, (_, index) => bidder(bids.slice(index * bidsEach, (index + 1) * bidsEach))),
  );
  const told = performance.now();
  await until(async () => (await stateOf(sql, name)).bids >= total, { within: 60_000, what: `the bids of ${name}` });
  const booked = performance.now();
  await crashed;
  const { bids: kept, highest, bidder: winner } = await stateOf(sql, name);
  const best = bids.find(({ amount }) => amount === total);
  if (kept !== total || highest !== total || winner !== best?.bidder)
    throw new Error(`${name}: ${kept} of ${total} bids were kept, and ${winner} won with ${highest}.`);
  return {
    perSecond: (total * 1_000) / (told - begun),
    bookedPerSecond: (total * 1_000) / (booked - begun),
    p50: quantile(took, 0.5),
    p99: quantile(took, 0.99),
    behindMs: booked - told,
    bids: total,
    lost: total - kept,
  };
}

/** Every amount from 1 on once, in an order by chance: it is known who must win. */
function bidsOf(name: string, seed: number): readonly Bid[] {
  const amounts = shuffled(
    Array.from({ length: total }, (_, index) => index + 1),
    seeded(seed),
  );
  return amounts.map((amount, index) => ({
    id: `${name}/${index}`,
    auction: name,
    bidder: `bidder-${Math.floor(index / bidsEach)}`,
    amount,
  }));
}
