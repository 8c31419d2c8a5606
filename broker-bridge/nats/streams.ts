import { DiscardPolicy, RetentionPolicy, StorageType } from 'nats';
import type { JetStreamManager, MsgRequest, StreamConfig } from 'nats';
import type { Held, Message, StreamInfo, StreamSettings } from './broker.ts';
import { codes, isApiError, nanoseconds, orNull } from './api-errors.ts';
import { storedMessage } from './messages.ts';

/** Makes the stream, or brings the one that is there to these settings. */
export async function ensureStream(management: JetStreamManager, settings: StreamSettings): Promise<void> {
  const lasting = {
    name: settings.name,
    subjects: [...settings.subjects],
    storage: StorageType.File,
    duplicate_window: nanoseconds(settings.duplicateWindowSeconds * 1_000),
    allow_direct: true,
    ...retentionOf(settings),
  } satisfies Partial<StreamConfig>;
  await management.streams.add({ ...lasting, ...limitsOf(settings) }).catch(async (error: unknown) => {
    if (!isApiError(error, codes.streamHasOtherSettings)) throw error;
    // The client merges: what an operator has set besides (replicas, placement, the limits of a queue) stays.
    await management.streams.update(settings.name, lasting);
  });
}

const retentionOf = (settings: StreamSettings) =>
  settings.keeps === 'broadcast'
    ? {
        retention: RetentionPolicy.Limits,
        discard: DiscardPolicy.Old,
        max_age: nanoseconds(settings.maxAgeDays * 24 * 60 * 60 * 1_000),
      }
    : { retention: RetentionPolicy.Workqueue, discard: DiscardPolicy.New };

const limitsOf = (settings: StreamSettings) =>
  settings.keeps === 'work-queue' ? { max_bytes: settings.maxBytes, max_msgs: settings.maxMessages } : {};

/** What a stream holds; null when there is none. */
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
    bytes: state.bytes,
  };
}

/** One message; null when the stream does not hold it. */
export async function messageAt(
  management: JetStreamManager,
  stream: string,
  query: MsgRequest,
): Promise<Message | null> {
  const { noSuchMessage, noSuchStream } = codes;
  const found = await orNull(management.streams.getMessage(stream, query), noSuchMessage, noSuchStream);
  return found && storedMessage(found);
}

/** Takes a message out of a stream. */
export async function removeMessage(management: JetStreamManager, stream: string, sequence: number): Promise<void> {
  const { noMessageThere, noSuchMessage, noSuchStream } = codes;
  await orNull(management.streams.deleteMessage(stream, sequence, false), noMessageThere, noSuchMessage, noSuchStream);
}

/** What the stream still holds of a subject; null when nothing. */
export async function held(management: JetStreamManager, stream: string, subject: string): Promise<Held | null> {
  const { state } = await management.streams.info(stream);
  // The client's types do not know that the server takes a subject to begin with here.
  const query = { seq: Math.max(1, state.first_seq), next_by_subj: subject } as MsgRequest;
  const found = await orNull(management.streams.getMessage(stream, query), codes.noSuchMessage);
  return found ? { earliest: found.seq, streamStartsAt: state.first_seq } : null;
}
