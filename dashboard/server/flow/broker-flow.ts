import type { Broker, StreamInfo } from '../../../broker-bridge/nats/broker.ts';
import { customerEventQueue, eventHeaders } from '../../../contracts/customer-event-queue.ts';
import { factStream } from '../../../contracts/facts.ts';
import { listenerRetries } from '../../../contracts/mediators/repair.ts';
import type { ListenerFlow, QueueFlow } from '../api/flow.ts';
import { attendanceKeeper, type AttendanceKeeper } from './attendance.ts';
import { createRates, type Rates } from './rates.ts';

/** What NATS tells. */
export interface BrokerFlow {
  readonly queue: QueueFlow | null;
  readonly listeners: readonly ListenerFlow[];
  /** Facts that came into their stream a second. */
  readonly factsPerSecond: number | null;
}

/** Looks at the customer-event queue and at every listener's consumers; remembers the look before, for rates and for who is there. */
export function createBrokerFlow(listeners: readonly string[]) {
  const rates = createRates();
  const factRate = async (broker: Asked): Promise<number | null> => {
    const facts = await broker.streamInfo(factStream.name);
    return facts && rates.perSecond('facts', facts.lastSequence);
  };
  const attended = attendanceKeeper();
  return async (broker: Asked, deferred: number): Promise<BrokerFlow> => {
    const queue = queueFlow(broker, rates, attended, deferred);
    const followed = listeners.flatMap((name) =>
      [factStream.name, listenerRetries.stream].map((stream) =>
        listenerFlow(broker, { name, stream }, rates, attended),
      ),
    );
    const flows = await Promise.all(followed);
    return {
      queue: await queue,
      listeners: flows.filter((flow) => flow !== null),
      factsPerSecond: await factRate(broker),
    };
  };
}

type Asked = Pick<Broker, 'streamInfo' | 'consumerInfo' | 'message'>;

async function queueFlow(
  broker: Asked,
  rates: Rates,
  attended: AttendanceKeeper,
  deferred: number,
): Promise<QueueFlow | null> {
  const { stream, consumer } = customerEventQueue;
  const [info, taken] = await Promise.all([broker.streamInfo(stream), broker.consumerInfo(stream, consumer)]);
  if (!info) return null;
  return {
    stream,
    depth: info.messages,
    bytes: info.bytes,
    inFlight: taken?.inFlight ?? 0,
    pending: taken?.pending ?? info.messages,
    redelivered: taken?.redelivered ?? 0,
    inPerSecond: rates.perSecond('in', info.lastSequence),
    outPerSecond: rates.perSecond('out', info.lastSequence - info.messages),
    oldestSeconds: info.messages > 0 ? await ageOfOldest(broker, stream, info) : null,
    pollers: taken?.waitingPulls ?? 0,
    deferred,
    attendance: attended(`${stream} ${consumer}`, taken),
  };
}

async function listenerFlow(
  broker: Asked,
  { name, stream }: { readonly name: string; readonly stream: string },
  rates: Rates,
  attended: AttendanceKeeper,
): Promise<ListenerFlow | null> {
  const info = await broker.consumerInfo(stream, name);
  // One that has never run has no consumer: that is said once, by the facts it should follow.
  if (!info) return stream === factStream.name ? { name, stream, ...neverRun } : null;
  const key = `${stream} ${name}`;
  return {
    name,
    stream,
    hasRun: true,
    depth: info.pending + info.inFlight,
    inFlight: info.inFlight,
    outPerSecond: rates.perSecond(key, info.acknowledgedTo),
    pollers: info.waitingPulls,
    attendance: attended(key, info),
  };
}

const neverRun = {
  hasRun: false,
  depth: 0,
  inFlight: 0,
  outPerSecond: null,
  pollers: 0,
  attendance: 'nobody',
} as const;

/** By the time its producer gave it. */
async function ageOfOldest(broker: Asked, stream: string, { firstSequence }: StreamInfo): Promise<number | null> {
  const oldest = await broker.message(stream, firstSequence);
  const given = Date.parse(oldest?.headers[eventHeaders.time] ?? '');
  return Number.isNaN(given) ? null : Math.max(0, (Date.now() - given) / 1000);
}
