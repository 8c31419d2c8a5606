import type { Message } from './message.ts';

/** A stream of last values: of each subject it keeps one message, for ever. */
export interface LastValueStream {
  readonly keeps: 'last-values';
  readonly name: string;
  readonly subjects: readonly string[];
  readonly duplicateWindowSeconds: number;
  /**
   * The subject on which the server publishes each message once the stream has it, for those that listen just then;
   * `{{wildcard(1)}}` is the first token that the stream's subject leaves open.
   */
  readonly republishedOn: string;
}

/** A message that a stream holds. */
export interface HeldMessage extends Message {
  readonly streamSequence: number;
}

/** The part of the broker for last values, and for messages that are not kept at all. */
export interface LastValues {
  /**
   * Publishes a message in place of the one with this sequence, 0 for none, on its subject. Resolves with false when
   * that is not the last one on it any more: the stream keeps nothing of the message then. Rejects when the stream may
   * have it or not.
   */
  replaceLast(message: Message, instead: number): Promise<boolean>;
  /** The messages that a stream holds on a subject (wildcards allowed), oldest first. Ends with the newest. */
  held(stream: string, subject: string): AsyncIterable<HeldMessage>;
  /**
   * Subscribes without a consumer, and resolves when the server knows it: the messages from then on, until the signal
   * is aborted or the loop is left. What is published while the connection is lost passes by.
   */
  hear(subject: string, signal?: AbortSignal): Promise<AsyncIterable<Message>>;
}
