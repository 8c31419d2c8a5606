import type { Client } from '@temporalio/client';
import type { ChannelBrake, ChannelView } from '../../contracts/channel-brakes.ts';
import { channels, type Channel } from '../../contracts/channels.ts';

/** Temporal's numbers for the two kinds of tasks. */
const workflowTasks = 1;
export const activityTasks = 2;

/** A worker's poll waits for a minute at most, while Temporal remembers pollers for five: an older one is gone. */
const goneAfterMs = 70_000;

const mediators: readonly Channel[] = [
  channels.orderMediator,
  channels.compact,
  channels.customerMediator,
  channels.returnsMediator,
  channels.bulk,
];

/** What works on a channel. */
export const channelKind = (name: Channel): ChannelView['kind'] => {
  if (mediators.includes(name)) return 'mediator';
  return name === channels.workflowProcessor ? 'workflow-processor' : 'processor';
};

/** Every event channel as Temporal describes its task queue, with its brake. */
export const describeChannels = (
  client: Client,
  brakes: ReadonlyMap<string, ChannelBrake>,
): Promise<readonly ChannelView[]> =>
  Promise.all(Object.values(channels).map((name) => describeChannel(client, name, brakes.get(name) ?? null)));

async function describeChannel(client: Client, name: Channel, brake: ChannelBrake | null): Promise<ChannelView> {
  const kind = channelKind(name);
  const { pollers, stats, limit } = await describeTaskQueue(client, name, kind);
  const depth = Number(stats?.approximateBacklogCount ?? 0);
  return {
    name,
    kind,
    depth,
    oldestSeconds: depth > 0 ? secondsIn(stats?.approximateBacklogAge) : null,
    inPerSecond: stats?.tasksAddRate ?? null,
    outPerSecond: stats?.tasksDispatchRate ?? null,
    pollers: (pollers ?? []).filter(({ lastAccessTime }) => isPresent(secondsIn(lastAccessTime))).length,
    limitPerSecond: limit?.perSecond ?? null,
    brake,
  };
}

/** A task queue's figures, and the limit that Temporal was told for it, with who told it. */
export async function describeTaskQueue(client: Client, name: Channel, kind = channelKind(name)) {
  const { pollers, stats, config } = await client.withDeadline(Date.now() + 3_000, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name },
      taskQueueType: kind === 'processor' ? activityTasks : workflowTasks,
      reportStats: true,
      reportConfig: true,
    }),
  );
  const { rateLimit, metadata } = config?.queueRateLimit ?? {};
  const limit = rateLimit ? { perSecond: rateLimit.requestsPerSecond ?? 0, by: metadata?.updateIdentity ?? '' } : null;
  return { pollers, stats, limit };
}

const isPresent = (lastAccess: number | null): boolean =>
  lastAccess !== null && Date.now() - lastAccess * 1000 < goneAfterMs;

interface Seconds {
  readonly seconds?: { toString(): string } | null | undefined;
  readonly nanos?: number | null | undefined;
}

const secondsIn = (of: Seconds | null | undefined): number | null =>
  of ? Number(of.seconds ?? 0) + (of.nanos ?? 0) / 1e9 : null;
