import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startListener } from '../broker-bridge/facts/start-listener.ts';
import { connectBroker } from '../broker-bridge/nats/connect.ts';
import { startRelay } from '../broker-bridge/outbox/relay.ts';
import { loadListener } from '../listeners/load-listener.ts';
import { migrate } from '../prisma/migrate.ts';
import { launchNats } from '../stack/launch/nats.ts';
import { launchPostgres } from '../stack/launch/postgres.ts';
import { labLog } from './open-shop.ts';

/**
 * Prints the number of facts per second that the relay publishes and a listener takes: `npx tsx lab/relay-throughput.ts
 * [facts] [keys]`.
 */
const facts = Number(process.argv[2] ?? 20_000);
const keys = Number(process.argv[3] ?? 2_000);
const log = labLog;

const eventCounts = {
  'order-timeline': 'SELECT count(*)::int AS n FROM order_timeline.fact',
  'email-analytics': 'SELECT coalesce(sum(mails), 0)::int AS n FROM email_analytics.mails_per_day',
};

const folder = await mkdtemp(join(tmpdir(), 'relay-throughput-'));
/** Every fact of this measurement is valid, so none becomes a dead letter. */
const refuseDeadLetter = (): Promise<never> => Promise.reject(new Error('Nothing is handed over here.'));
const nobody = { send: refuseDeadLetter, accepted: refuseDeadLetter };

const postgres = await launchPostgres({ folder: join(folder, 'postgres') });
const nats = await launchNats({ folder: join(folder, 'nats') });
const databaseUrl = postgres.url.replace(/\/postgres$/, '/throughput');
await migrate(databaseUrl);
const client = new Client({ connectionString: databaseUrl });
await client.connect();
try {
  await client.query(
    `SELECT outbox.record_fact('orders', 'email-sent', 'ord-' || n % $2::int, jsonb_build_object('orderId', 'ord-' || n % $2::int, 'kind', 'shipped'))
     FROM generate_series(1, $1::int) AS n`,
    [facts, keys],
  );
  const broker = await connectBroker({ url: nats.url, name: 'throughput', log });
  const relay = startRelay({ databaseUrl, broker, log });
  report(
    'relay',
    await secondsUntilAll('SELECT count(*)::int AS n FROM outbox.fact WHERE stream_sequence IS NOT NULL'),
  );
  for (const name of ['order-timeline', 'email-analytics']) {
    const listener = startListener({
      listener: await loadListener(name),
      databaseUrl,
      broker,
      deadLetters: nobody,
      log,
    });
    report(name, await secondsUntilAll(eventCounts[name as keyof typeof eventCounts]));
    await listener.stop();
  }
  await relay.stop();
  await broker.close();
} finally {
  await client.end();
  await nats.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

function report(part: string, seconds: number): void {
  console.log(
    `${part}: ${facts} facts of ${keys} keys in ${seconds.toFixed(2)} s, ${Math.round(facts / seconds)} facts/s`,
  );
}

async function secondsUntilAll(count: string): Promise<number> {
  const begun = performance.now();
  for (;;) {
    if ((await countOf(count)) === facts) return (performance.now() - begun) / 1_000;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A listener makes its tables when it starts; until then the count is 0. */
async function countOf(count: string): Promise<number> {
  try {
    return (await client.query<{ n: number }>(count)).rows[0]?.n ?? 0;
  } catch (error) {
    if ((error as { code?: string }).code === '42P01' || (error as { code?: string }).code === '3F000') return 0;
    throw error;
  }
}
