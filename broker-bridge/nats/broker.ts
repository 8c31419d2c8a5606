/**
 * What a message carries, in the words of no particular broker. Header names are case-sensitive and appear once; the values of one that was sent more
 * often are joined with commas. Of a message that came, names and values may hold what no header can: they are as they came.
 */
export interface Message {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

/** A message to be kept by a stream. */
export interface OutgoingMessage extends Message {
  /** Two messages with one id within the stream's duplicate window are kept once. */
  readonly id: string;
}

/** A message as a durable consumer gets it: at least once, in the stream's order unless it is delivered again. */
export interface Delivery extends Message {
  readonly streamSequence: number;
  /** 1 the first time. */
  readonly timesDelivered: number;
  /** Resolves when the broker has confirmed that it will not deliver this again. Rejects when that is not known: it may come again. */
  acknowledge(): Promise<void>;
  /** Says that it is still being worked on: the time to acknowledge it begins anew. */
  prolong(): void;
  /** Asks for the message again after so many milliseconds. The messages behind it are not held up. */
  postpone(milliseconds: number): void;
}

/** One session of a consumer. It ends by itself when anything is wrong with it: open another one. */
export interface Deliveries {
  /**
   * Waits for at least one delivery and resolves with what is there, up to `most`. When the session is over and empty it resolves with nothing, or rejects
   * with what broke it.
   */
  next(most: number): Promise<readonly Delivery[]>;
  /** Takes no new messages; what has arrived already can still be had by `next`. */
  close(): Promise<void>;
}

/** A durable consumer: the broker remembers under its name what was acknowledged. */
export interface ConsumerSettings {
  readonly stream: string;
  readonly name: string;
  readonly subjects: readonly string[];
  /** Unacknowledged for so many milliseconds: delivered again. */
  readonly acknowledgeWithin: number;
  /** How many may be unacknowledged at once, over all sessions of the consumer; 65,536 unless given. */
  readonly maxUnacknowledged?: number;
  /** How many a session fetches ahead of what is taken from it; 256 unless given. */
  readonly ahead?: number;
}

/** `broadcast` keeps every message until it is too old. `work-queue` keeps each until it is acknowledged, and refuses new ones when it is full. */
export type StreamSettings = BroadcastStream | WorkQueueStream;

interface NamedStream {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly duplicateWindowSeconds: number;
}

export interface BroadcastStream extends NamedStream {
  readonly keeps: 'broadcast';
  readonly maxAgeDays: number;
}

/** On a stream that is there these limits do not change: an operator may have set others. */
export interface WorkQueueStream extends NamedStream {
  readonly keeps: 'work-queue';
  readonly maxBytes: number;
  readonly maxMessages: number;
}

/** What a stream holds now. */
export interface StreamInfo {
  /** ISO 8601: a stream of this name that was made anew is another one. */
  readonly created: string;
  /** All before it are gone. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly messages: number;
  readonly bytes: number;
}

/** Where a durable consumer stands. */
export interface ConsumerInfo {
  /** Not delivered yet. */
  readonly pending: number;
  /** Delivered, and not acknowledged yet. */
  readonly inFlight: number;
  /** Of those in flight, delivered more than once. */
  readonly redelivered: number;
  /** Every message up to this sequence of the stream has been acknowledged. */
  readonly acknowledgedTo: number;
  /** How many requests for messages wait at the server: somebody polls when it is above 0. */
  readonly waitingPulls: number;
}

/** The stream has not taken a message, and said why: nothing of it is kept. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
  /** `full`: there may be room later. `too-large`: never. */
  readonly why: 'full' | 'too-large';

  constructor(why: 'full' | 'too-large', options?: ErrorOptions) {
    super(
      why === 'full'
        ? 'The queue is full: it takes no more until messages are taken off it.'
        : 'The message is larger than the queue takes.',
      options,
    );
    this.why = why;
  }
}

/** What the stream still holds of some subjects. */
export interface Held {
  /** The oldest message held on the subjects asked for. */
  readonly earliest: number;
  /** The oldest message the stream holds at all: above 1 once it has let go of any. */
  readonly streamStartsAt: number;
}

/** The only thing the rest of the code knows of NATS. */
export interface Broker {
  /**
   * Resolves with the stream's sequence when the stream has the message (on disk, when the server syncs always); a repeat of an id gets the
   * sequence of the first. Rejects when it is not known whether the stream has it: ask again with the same id. Rejects with `QueueFull` when
   * the stream refused the message, and at once without a connection.
   */
  publish(message: OutgoingMessage): Promise<{ readonly streamSequence: number }>;
  /** Resolves when there is a connection, or when the signal is aborted. */
  connected(signal?: AbortSignal): Promise<void>;
  /** Makes the stream, or brings the one that is there to these settings; what it holds stays. */
  ensureStream(settings: StreamSettings): Promise<void>;
  /** Opens a session of a durable consumer, and makes the consumer when it is not there. */
  consume(settings: ConsumerSettings): Promise<Deliveries>;
  /** Every message of the stream on these subjects, in order, without gaps; remembers nothing. Ends when the signal is aborted. */
  follow(settings: FollowSettings): AsyncIterable<Message>;
  /** Null when there is no such stream. */
  streamInfo(stream: string): Promise<StreamInfo | null>;
  /** Null when there is no such stream or consumer. */
  consumerInfo(stream: string, consumer: string): Promise<ConsumerInfo | null>;
  /** One message by its place; null when the stream does not hold it (any more). */
  message(stream: string, sequence: number): Promise<Message | null>;
  /** Takes a message out of a stream, for good. Does nothing when it is not there. */
  remove(stream: string, sequence: number): Promise<void>;
  /** Null when the stream holds nothing on the subject (wildcards allowed). */
  held(stream: string, subject: string): Promise<Held | null>;
  /** Sends what is still to be sent, then closes the connection. */
  close(): Promise<void>;
}

/** What to follow, and from where. */
export interface FollowSettings {
  readonly stream: string;
  readonly subjects: readonly string[];
  readonly since: 'now' | 'all';
  readonly signal?: AbortSignal;
}
