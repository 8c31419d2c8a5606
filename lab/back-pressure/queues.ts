import { setTimeout as sleep } from 'node:timers/promises';
import { countWaiting } from '../../app/reads/events.ts';
import { describeChannels } from '../../app/reads/channels.ts';
import { customerEventQueue } from '../../contracts/customer-event-queue.ts';
import { factStream } from '../../contracts/facts.ts';
import { numberOf } from '../kit/number-of.ts';
import type { LabShop } from '../open-shop.ts';

/** The depths of every queue at one moment, by name, and the seconds since the beginning. */
export interface Sample {
  readonly second: number;
  readonly depths: Readonly<Record<string, number>>;
}

/** The queues that are not channels. */
export const otherQueues = {
  stream: 'CUSTOMER_EVENTS',
  recorded: 'events recorded, not started',
  started: 'queued orders under way',
  outbox: 'outbox',
  listeners: 'listeners',
} as const;

const startedEvents = `SELECT count(*)::int AS n FROM mediator_store.initiating_event WHERE state = 'started' AND "place" IS NOT NULL`;

async function depthsOf({ client, broker, database, sql }: LabShop): Promise<Readonly<Record<string, number>>> {
  const [channels, stream, waiting, started, consumers] = await Promise.all([
    describeChannels(client, new Map()),
    broker.streamInfo(customerEventQueue.stream),
    countWaiting(database),
    numberOf(sql, startedEvents),
    broker.consumers(factStream.name),
  ]);
  const heard = [...consumers.values()].reduce((sum, { pending, inFlight }) => sum + pending + inFlight, 0);
  return {
    ...Object.fromEntries(channels.map(({ name, depth }) => [name, depth])),
    [otherQueues.stream]: stream?.messages ?? 0,
    [otherQueues.recorded]: waiting.received,
    [otherQueues.started]: started,
    [otherQueues.outbox]: waiting.facts,
    [otherQueues.listeners]: heard,
  };
}

/** Looks at every queue once a second until it is stopped. A look that fails ends it, and is thrown by `stop`. */
export function watchQueues(shop: LabShop) {
  const samples: Sample[] = [];
  const begun = performance.now();
  const now = () => (performance.now() - begun) / 1000;
  const over = new AbortController();
  const run = async () => {
    while (!over.signal.aborted) {
      const second = Math.round(now());
      samples.push({ second, depths: await depthsOf(shop) });
      await sleep(Math.max(0, (second + 1 - now()) * 1000));
    }
  };
  const running = run();
  running.catch(() => undefined); // told by `stop`
  return {
    samples: samples as readonly Sample[],
    /** Seconds since the first look. */
    now,
    async stop() {
      over.abort();
      await running;
    },
  };
}
