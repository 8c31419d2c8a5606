import { isGrpcServiceError, type Client } from '@temporalio/client';
import {
  nextStep,
  processorChannels,
  type ChannelActions,
  type ChannelBrake,
  type ChannelView,
} from '../contracts/channel-brakes.ts';
import type { Channel } from '../contracts/channels.ts';
import type { SqlRunner } from '../prisma/statement.ts';
import { AppError, sentenceOf } from './app-error.ts';
import { brakesOn, isOn, newestBrakes, recordBrake } from './reads/channel-brakes.ts';
import { activityTasks, describeChannels, describeTaskQueue } from './reads/channels.ts';

/** The records of brakes, and Temporal, which limits its task queues. */
export interface ChannelSources {
  readonly database: SqlRunner;
  readonly client: Client;
}

/** Every event channel with what waits on it, its pollers, its rate and its brake. */
export const listChannels = async ({ database, client }: ChannelSources): Promise<readonly ChannelView[]> =>
  describeChannels(client, await brakesOn(database));

/**
 * Brakes the channel of a processor: its commands wait. Throws an `AppError` for a channel that cannot be braked, and
 * when Temporal does not take it.
 */
export const brakeChannel = (sources: ChannelSources, name: string, { reason, actor }: ChannelActions['brake']) =>
  act(sources, channelOf(name), () => ({ perSecond: 0, reason, actor }));

/**
 * Releases a braked channel to a rate, or by one step. Resolves with the brake as it is then; null when it came off.
 * Throws an `AppError` for a channel without a brake, and when Temporal does not take it.
 */
export const releaseChannel = (
  sources: ChannelSources,
  name: string,
  { perSecond, actor }: ChannelActions['release'],
): Promise<ChannelBrake | null> => {
  const channel = channelOf(name);
  return act(sources, channel, (before) => {
    if (!before) throw new AppError('refused', `There is no brake on ${channel}, so that nothing can be released.`);
    return {
      perSecond: perSecond === undefined ? nextStep(before.perSecond) : perSecond,
      reason: before.reason,
      actor,
    };
  });
};

interface Decided {
  readonly perSecond: number | null;
  readonly reason: string;
  readonly actor: string;
}

/**
 * The act is recorded first and then told to Temporal, so that a brake outlives a Temporal that is away or comes back
 * empty: `alignBrakes` tells it again.
 */
async function act(
  sources: ChannelSources,
  channel: Channel,
  decide: (before: ChannelBrake | null) => Decided,
): Promise<ChannelBrake | null> {
  const before = (await brakesOn(sources.database)).get(channel) ?? null;
  const decided = { channel, ...decide(before) };
  const [recorded] = await sources.database.run(recordBrake(decided));
  if (!recorded) throw new Error('The act on the brake was not recorded.');
  try {
    await tellNewest(sources, channel);
  } catch (error) {
    throw await untold(sources, decided, before, error);
  }
  return isOn(recorded) ? recorded : null;
}

/** The channel of a processor, by the name of either. */
function channelOf(name: string): Channel {
  for (const [processor, channel] of processorChannels) if (name === processor || name === channel) return channel;
  const known = [...processorChannels.keys()].join(', ');
  throw new AppError('not-found', `There is no channel of this name that can be braked: give one of ${known}.`);
}

/** Two acts at once are told in any order: each tells the one that is recorded last. */
async function tellNewest({ database, client }: ChannelSources, channel: Channel): Promise<void> {
  const newest = (await database.run(newestBrakes())).find((one) => one.channel === channel);
  if (newest) await tell(client, newest);
}

/** Our limits are told from others, which are an administrator's, by their identity. */
const identityPrefix = 'brake/';

interface Told extends Decided {
  readonly channel: Channel;
}

const tell = (client: Client, { channel, perSecond, reason, actor }: Told) =>
  client.withDeadline(Date.now() + 5_000, () =>
    client.workflowService.updateTaskQueueConfig({
      namespace: client.options.namespace,
      identity: `${identityPrefix}${actor}`,
      taskQueue: channel,
      taskQueueType: activityTasks,
      updateQueueRateLimit: { reason, ...(perSecond === null ? {} : { rateLimit: { requestsPerSecond: perSecond } }) },
    }),
  );

/** The gRPC statuses with which Temporal says that it never does this. */
const refusals: ReadonlyMap<number | undefined, string> = new Map([
  [7, 'refuses rate limits of task queues to this client'],
  [12, 'does not know rate limits of task queues'],
]);

/** The error for an act that Temporal did not take. One that it never takes is taken back in the records. */
async function untold({ database }: ChannelSources, decided: Told, before: ChannelBrake | null, error: unknown) {
  const { channel } = decided;
  const why = refusals.get(isGrpcServiceError(error) ? error.code : undefined);
  if (why !== undefined) {
    await database.run(recordBrake(before ?? { ...decided, perSecond: null }));
    const message = `Nothing was done to ${channel}: this Temporal server ${why}; stop the workers of the channel instead.`;
    return new AppError('refused', message, { cause: error });
  }
  const message = `It is recorded for ${channel}, but Temporal did not take it (${sentenceOf(error)}): the order mediator's worker tells it again within a minute.`;
  return new AppError('not-known', message, { cause: error });
}

/**
 * Tells Temporal every recorded brake that it does not have, as after it came back empty, and removes a limit of ours
 * that was released. Limits that others have set stay. Resolves with the channels that it told.
 */
export async function alignBrakes({ database, client }: ChannelSources): Promise<readonly Channel[]> {
  const told: Channel[] = [];
  for (const newest of await database.run(newestBrakes())) {
    const { limit } = await describeTaskQueue(client, newest.channel);
    const isLeftOver = limit?.by.startsWith(identityPrefix) ?? false;
    const isAligned = isOn(newest) ? limit?.perSecond === newest.perSecond : !isLeftOver;
    if (isAligned) continue;
    await tell(client, newest);
    told.push(newest.channel);
  }
  return told;
}
