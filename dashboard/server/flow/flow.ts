import type { Client } from '@temporalio/client';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import type { Channel } from '../../../contracts/channels.ts';
import { classify } from '../../../contracts/initiating-events.ts';
import type { ChannelFlow, ClassFlow, FlowSnapshot, OutboxFlow } from '../api/flow.ts';
import { relayAttendance } from './attendance.ts';
import { createBrokerFlow } from './broker-flow.ts';
import { seldom } from './seldom.ts';
import { channelFlows, unknownChannels } from './task-queues.ts';
import type { EventCount, Waiting } from '../../../app/reads/events.ts';

/** Whom the flow is asked of. */
export interface FlowSources {
  readonly client: Client;
  /** Undefined while there is no connection yet. */
  broker(): Broker | undefined;
  readonly listeners: readonly string[];
  countEvents(): Promise<readonly EventCount[]>;
  countWaiting(): Promise<Waiting>;
}

/** One look serves all who ask within this time. */
const freshMs = 1_000;

/** The picture of everything that flows. What does not answer is left out and named: the rest is shown all the same. */
export function createFlow(sources: FlowSources): () => Promise<FlowSnapshot> {
  const events = seldom(() => sources.countEvents());
  const brokerFlow = createBrokerFlow(sources.listeners);
  let latest: { readonly at: number; readonly snapshot: Promise<FlowSnapshot> } | undefined;
  const look = async (): Promise<FlowSnapshot> => {
    const [counted, waiting] = await Promise.all([answered(events()), answered(sources.countWaiting())]);
    const broker = sources.broker();
    const [channels, nats] = await Promise.all([
      answered(channelFlows(sources.client, underWay(counted))),
      answered(broker ? brokerFlow(broker, waiting?.deferred ?? 0) : Promise.resolve(undefined)),
    ]);
    return {
      at: new Date().toISOString(),
      queue: nats?.queue ?? null,
      channels: channels ?? unknownChannels(),
      listeners: nats?.listeners ?? [],
      outbox: waiting ? outboxFlow(waiting, nats?.factsPerSecond ?? null) : null,
      classes: classesIn(counted ?? []),
      unreachable: silentOnes({ Temporal: channels, NATS: nats, PostgreSQL: waiting }),
    };
  };
  return () => {
    if (!latest || Date.now() - latest.at > freshMs) latest = { at: Date.now(), snapshot: look() };
    return latest.snapshot;
  };
}

function outboxFlow(waiting: Waiting, outPerSecond: number | null): OutboxFlow {
  const outbox = { depth: waiting.facts, oldestSeconds: waiting.oldestFactSeconds, outPerSecond };
  return { ...outbox, attendance: relayAttendance(outbox) };
}

/** What is away is named in the picture itself, and looked at again with the next one. */
const answered = <T>(asked: Promise<T>): Promise<T | undefined> => asked.catch(() => undefined);

const silentOnes = (asked: Readonly<Record<string, unknown>>): readonly string[] =>
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

const none = { received: 0, started: 0, complete: 0, deferred: 0, 'dead-lettered': 0, repaired: 0, discarded: 0 };

/** By the events' names, which the catalogue's classes go with. */
function classesIn(counted: readonly EventCount[]): readonly ClassFlow[] {
  const classes = new Map<string, ClassFlow>();
  for (const { name, mediatorClass, state, events } of counted) {
    const key = `${name} ${mediatorClass}`;
    const known = classes.get(key) ?? { event: name, mediatorClass, ...none };
    classes.set(key, { ...known, [state]: known[state] + events });
  }
  return [...classes.values()];
}
