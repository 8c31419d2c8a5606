import type { LastValues, LastValueStream } from './last-values-port.ts';
import type { RunningService, ServiceSettings } from './service-port.ts';
import type { Message } from './message.ts';

export type { Message } from './message.ts';

/** A message that a stream is to keep. */
export interface OutgoingMessage extends Message {
  /** Of two messages with one id within the stream's duplicate window, one is kept. */
  readonly id: string;
}

/** A message at a durable consumer. It comes at least once, in the stream's order except when it is delivered again. */
export interface Delivery extends Message {
  readonly streamSequence: number;
  /** 1, 2, 3 … over all that its consumer has delivered, to any session. */
  readonly deliverySequence: number;
  /** 1 the first time. */
  readonly timesDelivered: number;
  /** Resolves when the broker will not deliver this again. Rejects when that is not known: it may come again. */
  acknowledge(): Promise<void>;
  /** Asks for the message again after so many milliseconds. The messages behind it are not held up. */
  postpone(milliseconds: number): void;
}

/** One session of a consumer. It ends by itself when anything is wrong with it: open another one. */
export interface Deliveries {
  /**
   * Waits for at least one delivery, and resolves with those that have come, up to `most`. When the session is over and
   * empty, it resolves with none, or rejects with the error that ended it.
   */
  next(most: number): Promise<readonly Delivery[]>;
  /** Asks for no more messages. Those that have come can still be had by `next`. */
  close(): Promise<void>;
}

/** A durable consumer: the broker remembers under its name which messages were acknowledged. */
export interface ConsumerSettings {
  readonly stream: string;
  readonly name: string;
  readonly subjects: readonly string[];
  /** A message that is unacknowledged for so many milliseconds is delivered again. */
  readonly acknowledgeWithin: number;
  /** Makes the consumer anew: it begins with the oldest message of the stream, and other sessions end. */
  readonly isAnew?: boolean;
  /** The beginning of a consumer that is not there yet; the oldest message of the stream by default. */
  readonly begins?: Beginning;
  /** False where a delivery that comes again does no harm: acknowledgements are then sent, and not waited for. */
  readonly isConfirmed?: boolean;
  /** A session fetches so many in advance; 256 by default. */
  readonly ahead?: number;
  /** Closes the session when it is aborted. */
  readonly signal?: AbortSignal;
}

/** With the oldest message, with what comes from now on, or with what came at an instant (RFC 3339) or later. */
export type Beginning = 'oldest' | 'now' | { readonly from: string };

/**
 * `broadcast` keeps a message until it is too old; `work-queue` until it is acknowledged, refusing new ones when it is
 * full; `last-values` until the next one on its subject.
 */
export type StreamSettings = BroadcastStream | WorkQueueStream | LastValueStream;

interface NamedStream {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly duplicateWindowSeconds: number;
}

export interface BroadcastStream extends NamedStream {
  readonly keeps: 'broadcast';
  readonly maxAgeDays: number;
}

/** The limits of a stream that exists do not change: an operator may have set others. */
export interface WorkQueueStream extends NamedStream {
  readonly keeps: 'work-queue';
  readonly maxBytes: number;
  readonly maxMessages: number;
}

/** The state of a stream now. */
export interface StreamInfo {
  /** ISO 8601. It tells a stream from one of the same name that was made anew. */
  readonly created: string;
  /** All messages before it are gone. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly messages: number;
  /** Messages that were removed between the first and the last. Those that grow too old go from the front. */
  readonly removed: number;
  readonly bytes: number;
}

/** The progress of a durable consumer. */
export interface ConsumerInfo {
  /** Not delivered yet. */
  readonly pending: number;
  /** Delivered, and not acknowledged yet. */
  readonly inFlight: number;
  /** Of those in flight, delivered more than once. */
  readonly redelivered: number;
  /** Every message up to this sequence of the stream has been acknowledged. */
  readonly acknowledgedTo: number;
  /** The sequence of the stream that it began at; 1 when it began with the oldest. */
  readonly beginsAt: number;
  /** It gets nothing before this instant, ISO 8601; null when it is not paused. */
  readonly pausedUntil: string | null;
  /** Requests for messages that wait at the server. Above 0, a process polls. */
  readonly waitingPulls: number;
}

/** The stream has refused a message and keeps nothing of it. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
  /** `full`: there may be room later. `too-large`: never. */
  readonly why: 'full' | 'too-large';

  constructor(why: 'full' | 'too-large', options?: ErrorOptions) {
    super(
      why === 'full'
        ? 'The queue is full: it accepts no more until messages are removed from it.'
        : 'The message is larger than the queue accepts.',
      options,
    );
    this.why = why;
  }
}

/** The oldest messages that a stream still holds: of a subject, and of all. */
export interface Oldest {
  readonly onSubject: number;
  /** When the stream got it, ISO 8601. */
  readonly time: string;
  /** The oldest message the stream holds at all. Above 1 when it has dropped any. */
  readonly ofStream: number;
}

/** All that the rest of the code knows of NATS. */
export interface Broker extends LastValues {
  /**
   * Resolves with the stream's sequence when the stream has the message (on disk, when the server syncs always); a
   * repeated id gets the sequence of the first message. Rejects when the stream may have it or not: publish again with
   * the same id. Rejects with `QueueFull` when the stream refused the message, and at once without a connection.
   */
  publish(message: OutgoingMessage): Promise<{ readonly streamSequence: number }>;
  /** Resolves when there is a connection, or when the signal is aborted. */
  connected(signal?: AbortSignal): Promise<void>;
  /** Calls the listener once, when the connection is lost. The function that it returns removes the listener. */
  onceDown(listener: () => void): () => void;
  /**
   * Makes the stream, or gives the existing one these settings; its messages stay. A user that may not make streams
   * leaves it as it is; rejects with a sentence when it is known not to be there.
   */
  ensureStream(settings: StreamSettings): Promise<void>;
  /** Makes the durable consumer when there is none. A user that may not make it rejects with a sentence then. */
  ensureConsumer(settings: ConsumerSettings): Promise<void>;
  /** Opens a session of a durable consumer, and makes the consumer when there is none; see `ensureConsumer`. */
  consume(settings: ConsumerSettings): Promise<Deliveries>;
  /**
   * Every message of the stream on these subjects, in order, without gaps. Nothing is acknowledged. Ends when the
   * signal is aborted.
   */
  follow(settings: FollowSettings): AsyncIterable<Message>;
  /** Null when there is no such stream. */
  streamInfo(stream: string): Promise<StreamInfo | null>;
  /** The sequences between the first and the last whose messages were removed. */
  removedSequences(stream: string): Promise<readonly number[]>;
  /** Null when there is no such stream or consumer. */
  consumerInfo(stream: string, consumer: string): Promise<ConsumerInfo | null>;
  /** The durable consumers of a stream by name; none when there is no such stream. */
  consumers(stream: string): Promise<ReadonlyMap<string, ConsumerInfo>>;
  /** Lets a consumer get nothing until the instant, ISO 8601; what it has already got it may finish. */
  pause(stream: string, consumer: string, until: string): Promise<void>;
  resume(stream: string, consumer: string): Promise<void>;
  /** Makes a consumer anew that begins at an instant (ISO 8601), or with the oldest for null. Its sessions end. */
  rewind(stream: string, consumer: string, from: string | null): Promise<void>;
  /** One message by its sequence; null when the stream does not hold it. */
  message(stream: string, sequence: number): Promise<Message | null>;
  /** Removes a message from a stream for good. Does nothing when it is not there. */
  remove(stream: string, sequence: number): Promise<void>;
  /** Null when the stream holds nothing on the subject (wildcards allowed) from this sequence on, 1 by default. */
  oldest(stream: string, subject: string, from?: number): Promise<Oldest | null>;
  /** Publishes a service, and resolves when requests reach it. */
  serve(settings: ServiceSettings): Promise<RunningService>;
  /** Sends what is still to be sent, then closes the connection. */
  close(): Promise<void>;
}

/** Selects the messages to follow. */
export interface FollowSettings {
  readonly stream: string;
  readonly subjects: readonly string[];
  readonly since: 'now' | 'all';
  /** Ends with what the stream holds at the beginning. */
  readonly endsNow?: boolean;
  readonly signal?: AbortSignal;
}
