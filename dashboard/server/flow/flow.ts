import type { Client } from '@temporalio/client';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import type { ChannelBrake } from '../../../contracts/channel-brakes.ts';
import type { Channel } from '../../../contracts/channels.ts';
import { classify } from '../../../contracts/initiating-events.ts';
import type { ChannelFlow, ClassFlow, FlowSnapshot, OutboxFlow } from '../api/flow.ts';
import { relayLiveness } from './consumer-liveness.ts';
import { createBrokerFlow } from './broker-flow.ts';
import { channelFlows, unknownChannels } from './task-queues.ts';
import type { EventCount, Waiting } from '../../../app/reads/events.ts';

/** The flow is read from these. */
export interface FlowSources {
  readonly client: Client;
  /** Undefined while there is no connection yet. */
  broker(): Broker | undefined;
  readonly listeners: readonly string[];
  countEvents(): Promise<readonly EventCount[]>;
  countWaiting(): Promise<Waiting>;
  brakes(): Promise<ReadonlyMap<string, ChannelBrake>>;
}

/** One snapshot answers every request within this time. */
const freshMs = 1_000;

/** Reads the whole flow. A service that does not answer is named, and the rest is shown all the same. */
export function createFlow(sources: FlowSources): () => Promise<FlowSnapshot> {
  const events = cachedByCost(() => sources.countEvents());
  const brokerFlow = createBrokerFlow(sources.listeners);
  let latest: { readonly at: number; readonly snapshot: Promise<FlowSnapshot> } | undefined;
  const look = async (): Promise<FlowSnapshot> => {
    const [counted, waiting, brakes = new Map<string, ChannelBrake>()] = await Promise.all([
      answered(events()),
      answered(sources.countWaiting()),
      answered(sources.brakes()),
    ]);
    const broker = sources.broker();
    const [channels, nats] = await Promise.all([
      answered(channelFlows(sources.client, brakes, underWay(counted))),
      answered(broker ? brokerFlow(broker, waiting?.received ?? 0) : Promise.resolve(undefined)),
    ]);
    return {
      at: new Date().toISOString(),
      queue: nats?.queue ?? null,
      deliveries: nats?.deliveries ?? null,
      channels: channels ?? unknownChannels(brakes),
      listeners: nats?.listeners ?? [],
      outbox: waiting ? outboxFlow(waiting, nats?.factsPerSecond ?? null) : null,
      classes: classesIn(counted ?? []),
      unreachable: unreachableOf({ Temporal: channels, NATS: nats, PostgreSQL: waiting }),
    };
  };
  return () => {
    if (!latest || Date.now() - latest.at > freshMs) latest = { at: Date.now(), snapshot: look() };
    return latest.snapshot;
  };
}

function outboxFlow(waiting: Waiting, outPerSecond: number | null): OutboxFlow {
  const { facts: depth, oldestFactSeconds: oldestSeconds, shutKeys, shut } = waiting;
  return {
    depth,
    oldestSeconds,
    outPerSecond,
    shutKeys,
    shut,
    liveness: relayLiveness({ oldestSeconds, outPerSecond }),
  };
}

/** A failure is named in the snapshot itself, and the next one tries again. */
const answered = <T>(asked: Promise<T>): Promise<T | undefined> => asked.catch(() => undefined);

const unreachableOf = (asked: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(asked)
    .filter(([, answer]) => answer === undefined)
    .map(([name]) => `${name} does not answer at the moment.`);

/** Flows of a mediator that were started and are not complete. */
const underWay =
  (counted: readonly EventCount[] | undefined) =>
  (channel: Channel): ChannelFlow['inFlight'] => {
    const own = (counted ?? []).filter(({ name }) => classify(name)?.channel === channel);
    const isMediator = own.length > 0 || channel.includes('-mediator-');
    if (!counted || !isMediator) return null;
    return own.filter(({ state }) => state === 'started').reduce((sum, { events }) => sum + events, 0);
  };

const none = { received: 0, started: 0, complete: 0, 'dead-lettered': 0, repaired: 0, discarded: 0 };

/** Counts by event name; each name has one class in the catalogue. */
function classesIn(counted: readonly EventCount[]): readonly ClassFlow[] {
  const classes = new Map<string, ClassFlow>();
  for (const { name, mediatorClass, state, events } of counted) {
    const key = `${name} ${mediatorClass}`;
    const known = classes.get(key) ?? { event: name, mediatorClass, ...none };
    classes.set(key, { ...known, [state]: known[state] + events });
  }
  return [...classes.values()];
}

/** At most this share of the time goes into the work. */
const largestShare = 0.02;
const atLeastMs = 2_000;

/** Caches an answer the longer the more it costs: work of 100 ms is done again after 5 s. Failures are not cached. */
export function cachedByCost<T>(work: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  let goodUntil = 0;
  const renew = async (): Promise<T> => {
    const began = performance.now();
    try {
      return await work();
    } finally {
      goodUntil = performance.now() + Math.max(atLeastMs, (performance.now() - began) / largestShare);
    }
  };
  return () => {
    if (kept && performance.now() < goodUntil) return kept;
    goodUntil = Infinity;
    kept = renew();
    kept.catch(() => (kept = undefined));
    return kept;
  };
}
