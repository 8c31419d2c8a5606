import type { Client } from '@temporalio/client';
import { channelKind, describeChannels } from '../../../app/reads/channels.ts';
import type { ChannelBrake, ChannelView } from '../../../contracts/channel-brakes.ts';
import { channels, type Channel } from '../../../contracts/channels.ts';
import type { Liveness, ChannelFlow } from '../api/flow.ts';

/** Work that waits longer, while none is dispatched, is shown as stuck. */
const stuckAfterSeconds = 10;

/** Every event channel with its liveness; `inFlight` counts the open workflows of a mediator. */
export async function channelFlows(
  client: Client,
  brakes: ReadonlyMap<string, ChannelBrake>,
  inFlight: (channel: Channel) => number | null,
): Promise<readonly ChannelFlow[]> {
  const described = await describeChannels(client, brakes);
  return described.map((channel) => ({
    ...channel,
    inFlight: inFlight(channel.name),
    liveness: queueLiveness(channel),
  }));
}

/** The channels while Temporal does not answer. */
export const unknownChannels = (brakes: ReadonlyMap<string, ChannelBrake>): readonly ChannelFlow[] =>
  Object.values(channels).map((name) => ({
    name,
    kind: channelKind(name),
    depth: null,
    inFlight: null,
    inPerSecond: null,
    outPerSecond: null,
    oldestSeconds: null,
    pollers: null,
    limitPerSecond: null,
    brake: brakes.get(name) ?? null,
    liveness: 'unknown',
  }));

/** Work on a channel with a limit waits because it is to. */
function queueLiveness({
  pollers,
  oldestSeconds,
  outPerSecond,
  limitPerSecond,
}: Pick<ChannelView, 'pollers' | 'oldestSeconds' | 'outPerSecond' | 'limitPerSecond'>): Liveness {
  if (pollers === 0) return 'unpolled';
  const isWaiting = oldestSeconds !== null && oldestSeconds > stuckAfterSeconds;
  return limitPerSecond === null && isWaiting && (outPerSecond ?? 0) < 0.05 ? 'stuck' : 'ok';
}
