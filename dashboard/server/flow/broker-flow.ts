import { backlogOf } from '../../../app/listeners.ts';
import type { Broker, StreamInfo } from '../../../broker-bridge/nats/broker.ts';
import { customerEventQueue, eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { factStream } from '../../../contracts/facts.ts';
import { listenerRetries } from '../../../contracts/mediators/repair.ts';
import { supplierDeliveries } from '../../../contracts/outside/supplier-deliveries.ts';
import type { ListenerFlow, QueueFlow } from '../api/flow.ts';
import { createConsumerLiveness, type ConsumerLiveness } from './consumer-liveness.ts';

/** Reads the two queues and every listener's consumers; keeps the reading before, for rates and liveness. */
export function createBrokerFlow(listeners: readonly string[]) {
  const rates = createRates();
  const factRate = async (broker: BrokerReader): Promise<number | null> => {
    const facts = await broker.streamInfo(factStream.name);
    return facts && rates.perSecond('facts', facts.lastSequence);
  };
  const livenessOf = createConsumerLiveness();
  return async (broker: BrokerReader, waiting: number) => {
    const queues = [customerEventQueue, supplierDeliveries].map((one) => queueFlow(broker, one, rates, livenessOf));
    const followed = listeners.flatMap((name) =>
      [factStream.name, listenerRetries.stream].map((stream) =>
        listenerFlow(broker, { name, stream }, rates, livenessOf),
      ),
    );
    const flows = await Promise.all(followed);
    const [events = null, deliveries = null] = await Promise.all(queues);
    return {
      queue: events && { ...events, waiting },
      deliveries,
      listeners: flows.filter((flow) => flow !== null),
      factsPerSecond: await factRate(broker),
    };
  };
}

type BrokerReader = Pick<Broker, 'streamInfo' | 'consumerInfo' | 'message' | 'oldest'>;

async function queueFlow(
  broker: BrokerReader,
  { stream, consumer }: { readonly stream: string; readonly consumer: string },
  rates: Rates,
  livenessOf: ConsumerLiveness,
): Promise<QueueFlow | null> {
  const [info, taken] = await Promise.all([broker.streamInfo(stream), broker.consumerInfo(stream, consumer)]);
  if (!info) return null;
  return {
    stream,
    depth: info.messages,
    bytes: info.bytes,
    inFlight: taken?.inFlight ?? 0,
    pending: taken?.pending ?? info.messages,
    redelivered: taken?.redelivered ?? 0,
    inPerSecond: rates.perSecond(`into ${stream}`, info.lastSequence),
    outPerSecond: rates.perSecond(`out of ${stream}`, info.lastSequence - info.messages),
    oldestSeconds: info.messages > 0 ? await ageOfOldest(broker, stream, info) : null,
    pollers: taken?.waitingPulls ?? 0,
    liveness: livenessOf(`${stream} ${consumer}`, taken),
  };
}

async function listenerFlow(
  broker: BrokerReader,
  { name, stream }: { readonly name: string; readonly stream: string },
  rates: Rates,
  livenessOf: ConsumerLiveness,
): Promise<ListenerFlow | null> {
  const info = await broker.consumerInfo(stream, name);
  // A listener that has never run has no consumer: that is said once, at the facts it should follow.
  if (!info) return stream === factStream.name ? { name, stream, ...neverRun } : null;
  const key = `${stream} ${name}`;
  const { waiting, oldestSeconds } = await backlogOf(broker, stream, info);
  return {
    name,
    stream,
    hasRun: true,
    isPaused: info.pausedUntil !== null,
    depth: waiting,
    inFlight: info.inFlight,
    oldestSeconds,
    outPerSecond: rates.perSecond(key, info.acknowledgedTo),
    pollers: info.waitingPulls,
    liveness: info.pausedUntil === null ? livenessOf(key, info) : 'ok',
  };
}

const neverRun = {
  hasRun: false,
  isPaused: false,
  depth: 0,
  inFlight: 0,
  oldestSeconds: null,
  outPerSecond: null,
  pollers: 0,
  liveness: 'unpolled',
} as const;

/** The age by the time that its producer gave it. */
async function ageOfOldest(
  broker: BrokerReader,
  stream: string,
  { firstSequence }: StreamInfo,
): Promise<number | null> {
  const oldest = await broker.message(stream, firstSequence);
  const given = Date.parse(oldest?.headers[eventHeaders.time] ?? '');
  return Number.isNaN(given) ? null : Math.max(0, (Date.now() - given) / 1000);
}

/** Computes the rise of counters per second, from one reading to the next. */
type Rates = ReturnType<typeof createRates>;

/** Readings closer together count as one. */
const shortestMs = 500;

export function createRates(now: () => number = () => performance.now()) {
  const known = new Map<string, { readonly at: number; readonly count: number; readonly rate: number | null }>();
  return {
    /** Null at the first reading, and when the counter began anew. */
    perSecond(name: string, count: number): number | null {
      const before = known.get(name);
      const at = now();
      if (before && at - before.at < shortestMs) return before.rate;
      const rate = before && count >= before.count ? ((count - before.count) * 1000) / (at - before.at) : null;
      known.set(name, { at, count, rate });
      return rate;
    },
  };
}
