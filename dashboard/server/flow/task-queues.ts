import type { Client } from '@temporalio/client';
import { channels, type Channel } from '../../../contracts/channels.ts';
import type { Liveness, ChannelFlow } from '../api/flow.ts';

/** Temporal's numbers for the two kinds of tasks. */
const workflowTasks = 1;
const activityTasks = 2;

/** A worker's poll waits for a minute at most, while Temporal remembers pollers for five: an older one is gone. */
const goneAfterMs = 70_000;
/** Work that waits longer, while none is dispatched, is shown as stuck. */
const stuckAfterSeconds = 10;

const mediators: readonly Channel[] = [
  channels.orderMediator,
  channels.customerMediator,
  channels.returnsMediator,
  channels.bulk,
];

const channelKind = (name: Channel): ChannelFlow['kind'] => {
  if (mediators.includes(name)) return 'mediator';
  return name === channels.workflowProcessor ? 'workflow-processor' : 'processor';
};

/** Every event channel as Temporal describes its task queue; `inFlight` counts the open workflows of a mediator. */
export const channelFlows = (
  client: Client,
  inFlight: (channel: Channel) => number | null,
): Promise<readonly ChannelFlow[]> =>
  Promise.all(Object.values(channels).map((name) => channelFlow(client, name, inFlight(name))));

async function channelFlow(client: Client, name: Channel, inFlight: number | null): Promise<ChannelFlow> {
  const kind = channelKind(name);
  const answer = await client.withDeadline(Date.now() + 3_000, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name },
      taskQueueType: kind === 'processor' ? activityTasks : workflowTasks,
      reportStats: true,
    }),
  );
  const pollers = (answer.pollers ?? []).filter(({ lastAccessTime }) => isPresent(secondsIn(lastAccessTime))).length;
  const depth = Number(answer.stats?.approximateBacklogCount ?? 0);
  const outPerSecond = answer.stats?.tasksDispatchRate ?? null;
  const oldestSeconds = depth > 0 ? secondsIn(answer.stats?.approximateBacklogAge) : null;
  const inPerSecond = answer.stats?.tasksAddRate ?? null;
  const liveness = queueLiveness(pollers, oldestSeconds, outPerSecond);
  return { name, kind, depth, inFlight, inPerSecond, outPerSecond, oldestSeconds, pollers, liveness };
}

/** The channels while Temporal does not answer. */
export const unknownChannels = (): readonly ChannelFlow[] =>
  Object.values(channels).map((name) => ({
    name,
    kind: channelKind(name),
    depth: null,
    inFlight: null,
    inPerSecond: null,
    outPerSecond: null,
    oldestSeconds: null,
    pollers: null,
    liveness: 'unknown',
  }));

const isPresent = (lastAccess: number | null): boolean =>
  lastAccess !== null && Date.now() - lastAccess * 1000 < goneAfterMs;

function queueLiveness(pollers: number, oldest: number | null, outPerSecond: number | null): Liveness {
  if (pollers === 0) return 'unpolled';
  const isWaiting = oldest !== null && oldest > stuckAfterSeconds;
  return isWaiting && (outPerSecond ?? 0) < 0.05 ? 'stuck' : 'ok';
}

interface Seconds {
  readonly seconds?: { toString(): string } | null | undefined;
  readonly nanos?: number | null | undefined;
}

const secondsIn = (of: Seconds | null | undefined): number | null =>
  of ? Number(of.seconds ?? 0) + (of.nanos ?? 0) / 1e9 : null;
