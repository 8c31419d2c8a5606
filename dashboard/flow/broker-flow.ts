import type { Broker, ConsumerInfo, StreamInfo } from '../../broker-bridge/broker.ts';
import { customerEventQueue, eventHeaders } from '../../contracts/customer-events.ts';
import { factStream } from '../../contracts/facts.ts';
import { listenerRetries } from '../../contracts/repair.ts';
import type { Attendance, ListenerFlow, QueueFlow } from '../api/flow.ts';
import { createRates, type Rates } from './rates.ts';

/** What NATS tells. */
export interface BrokerFlow {
  readonly queue: QueueFlow | null;
  readonly listeners: readonly ListenerFlow[];
}

/** A consumer asks again within ten seconds; between two requests nobody waits for a moment. */
const unattendedAfterMs = 6_000;
const stuckAfterMs = 10_000;

/** Looks at the customer-event queue and at every listener's consumers; remembers the look before, for rates and for who is there. */
export function createBrokerFlow(listeners: readonly string[]) {
  const rates = createRates();
  const attended = attendanceKeeper();
  return async (
    broker: Pick<Broker, 'streamInfo' | 'consumerInfo' | 'message'>,
    parked: number,
  ): Promise<BrokerFlow> => {
    const queue = queueFlow(broker, rates, attended, parked);
    const followed = listeners.flatMap((name) =>
      [factStream.name, listenerRetries.stream].map((stream) =>
        listenerFlow(broker, { name, stream }, rates, attended),
      ),
    );
    return { queue: await queue, listeners: (await Promise.all(followed)).filter((flow) => flow !== null) };
  };
}

type Asked = Pick<Broker, 'streamInfo' | 'consumerInfo' | 'message'>;
type Keeper = ReturnType<typeof attendanceKeeper>;

async function queueFlow(broker: Asked, rates: Rates, attended: Keeper, parked: number): Promise<QueueFlow | null> {
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
    parked,
    attendance: attended(`${stream} ${consumer}`, taken),
  };
}

async function listenerFlow(
  broker: Asked,
  { name, stream }: { readonly name: string; readonly stream: string },
  rates: Rates,
  attended: Keeper,
): Promise<ListenerFlow | null> {
  const info = await broker.consumerInfo(stream, name);
  if (!info) return null;
  const key = `${stream} ${name}`;
  return {
    name,
    stream,
    depth: info.pending + info.inFlight,
    inFlight: info.inFlight,
    outPerSecond: rates.perSecond(key, info.acknowledgedTo),
    pollers: info.waitingPulls,
    attendance: attended(key, info),
  };
}

/** By the time its producer gave it. */
async function ageOfOldest(broker: Asked, stream: string, { firstSequence }: StreamInfo): Promise<number | null> {
  const oldest = await broker.message(stream, firstSequence);
  const given = Date.parse(oldest?.headers[eventHeaders.time] ?? '');
  return Number.isNaN(given) ? null : Math.max(0, (Date.now() - given) / 1000);
}

/** Says how well a consumer is served, from this look and those before. */
function attendanceKeeper(): (key: string, info: ConsumerInfo | null) => Attendance {
  const known = new Map<string, { attendedAt: number; movedAt: number; to: number }>();
  return (key, info) => {
    if (!info) return 'nobody';
    const now = Date.now();
    const before = known.get(key) ?? { attendedAt: 0, movedAt: now, to: -1 };
    const hasMoved = info.acknowledgedTo !== before.to || info.pending + info.inFlight === 0;
    const movedAt = hasMoved ? now : before.movedAt;
    const isAttended = info.waitingPulls > 0 || (before.to >= 0 && info.acknowledgedTo > before.to);
    const attendedAt = isAttended ? now : before.attendedAt;
    known.set(key, { attendedAt, movedAt, to: info.acknowledgedTo });
    if (now - attendedAt > unattendedAfterMs) return 'nobody';
    return now - movedAt > stuckAfterMs ? 'stuck' : 'ok';
  };
}
