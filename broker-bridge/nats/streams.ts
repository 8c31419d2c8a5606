import { isDeepStrictEqual } from 'node:util';
import { DiscardPolicy, RetentionPolicy, StorageType } from 'nats';
import type { JetStreamManager, StreamConfig } from 'nats';
import type { Oldest, StreamInfo, StreamSettings } from './broker.ts';
import { codes, isApiError, isNotAllowed, nanoseconds, orNull } from './api-errors.ts';
import type { NatsClient } from './link.ts';
import { storedMessage } from './messages.ts';
import { sleep } from '../waiting.ts';

/**
 * Makes the stream, or brings the one that is there to these settings. A user that may do neither leaves it as it is:
 * the server logs what it refuses as an error, so nothing is asked for that is not needed.
 */
export async function ensureStream(management: JetStreamManager, settings: StreamSettings): Promise<void> {
  const lasting = lastingOf(settings);
  const config = await configOf(management, settings.name);
  if (config === 'not to be known' || (config && fits(config, lasting))) return;
  try {
    await makeStream(management, settings, lasting);
  } catch (error) {
    if (!isNotAllowed(error)) throw error;
    if (!config) throw notThere(`There is no stream ${settings.name}`, error);
  }
}

async function configOf(management: JetStreamManager, stream: string) {
  try {
    return (await orNull(management.streams.info(stream), codes.noSuchStream))?.config;
  } catch (error) {
    if (isNotAllowed(error)) return 'not to be known';
    throw error;
  }
}

/** True when a configuration has these settings. */
export const fits = (config: object, settings: object): boolean =>
  Object.entries(settings).every(([name, value]) => isDeepStrictEqual(Reflect.get(config, name), value));

/** The sentence for what a user lacks and may not make. */
export const notThere = (what: string, cause: unknown): Error =>
  new Error(`${what}, and this user of NATS may not make it: run "npm run streams" as one that may.`, { cause });

const lastingOf = (settings: StreamSettings) =>
  ({
    name: settings.name,
    subjects: [...settings.subjects],
    storage: StorageType.File,
    duplicate_window: nanoseconds(settings.duplicateWindowSeconds * 1_000),
    allow_direct: true,
    ...retentionOf(settings),
  }) satisfies Partial<StreamConfig>;

async function makeStream(
  management: JetStreamManager,
  settings: StreamSettings,
  lasting: ReturnType<typeof lastingOf>,
): Promise<void> {
  const add = () => management.streams.add({ ...lasting, ...limitsOf(settings) });
  await add()
    .catch(async (error: unknown) => {
      if (!isApiError(error, codes.streamNotMade)) throw error;
      await sleep(onceMoreAfter);
      return add();
    })
    .catch(async (error: unknown) => {
      if (!isApiError(error, codes.streamHasOtherSettings)) throw error;
      // The client merges: the operator's other settings (replicas, placement, the limits of a queue) stay.
      await management.streams.update(settings.name, lasting);
    });
}

/**
 * In milliseconds. A server that has deleted its last stream a moment ago may be removing the folder of all streams,
 * and then cannot make one (nats-server 2.15).
 */
const onceMoreAfter = 500;

function retentionOf(settings: StreamSettings) {
  if (settings.keeps === 'work-queue') return { retention: RetentionPolicy.Workqueue, discard: DiscardPolicy.New };
  const limits = { retention: RetentionPolicy.Limits, discard: DiscardPolicy.Old };
  if (settings.keeps === 'broadcast')
    return { ...limits, max_age: nanoseconds(settings.maxAgeDays * 24 * 60 * 60 * 1_000) };
  const [src = '>'] = settings.subjects;
  return { ...limits, max_msgs_per_subject: 1, republish: { src, dest: settings.republishedOn } };
}

const limitsOf = (settings: StreamSettings) =>
  settings.keeps === 'work-queue' ? { max_bytes: settings.maxBytes, max_msgs: settings.maxMessages } : {};

/** The stream's state; null when there is no such stream. */
export async function streamInfo(management: JetStreamManager, stream: string): Promise<StreamInfo | null> {
  const info = await orNull(management.streams.info(stream), codes.noSuchStream);
  if (!info) return null;
  const { created, state } = info;
  return {
    // The server keeps nanoseconds, and not always as many digits.
    created: new Date(created).toISOString(),
    firstSequence: Math.max(1, state.first_seq),
    lastSequence: state.last_seq,
    messages: state.messages,
    // It is left out at zero, against its type.
    removed: state.num_deleted ?? 0,
    bytes: state.bytes,
  };
}

/** The sequences of messages that were removed from the midst of a stream. */
export async function removedSequences(management: JetStreamManager, stream: string): Promise<readonly number[]> {
  const { state } = await management.streams.info(stream, { deleted_details: true });
  return state.deleted ?? [];
}

/** Removes a message from a stream. */
export async function removeMessage(management: JetStreamManager, stream: string, sequence: number): Promise<void> {
  const { noMessageThere, noSuchMessage, noSuchStream } = codes;
  await orNull(management.streams.deleteMessage(stream, sequence, false), noMessageThere, noSuchMessage, noSuchStream);
}

/** The oldest message that the stream holds on a subject, from a sequence on; null when it holds none. */
export async function oldest(client: NatsClient, stream: string, subject: string, from = 1): Promise<Oldest | null> {
  const { state } = await client.management.streams.info(stream);
  const found = await storedMessage(client, stream, { seq: Math.max(from, state.first_seq), next_by_subj: subject });
  return found ? { onSubject: found.seq, time: found.time, ofStream: state.first_seq } : null;
}

/**
 * The sequence of the first message that the stream has got at an instant (RFC 3339) or later: that of the next one
 * when there is none, and for null.
 */
export async function firstSince(client: NatsClient, stream: string, from: string | null): Promise<number> {
  const { state } = await client.management.streams.info(stream);
  const next = state.last_seq + 1;
  if (from === null) return next;
  let [earliest, latest] = [Math.max(1, state.first_seq), next];
  while (earliest < latest) {
    const middle = Math.floor((earliest + latest) / 2);
    const found = await storedMessage(client, stream, { seq: middle, next_by_subj: '>' });
    if (found && Date.parse(found.time) < Date.parse(from)) earliest = found.seq + 1;
    else latest = middle;
  }
  return latest;
}
