import type { Message } from './message.ts';

/** A service that answers requests. It can be found and counted with the usual tools of the broker. */
export interface ServiceSettings {
  readonly name: string;
  /** As `1.0.0`. */
  readonly version: string;
  readonly description: string;
  /** The first words of every endpoint's subject. */
  readonly group: string;
  /** Of all processes that serve under it, one gets each request. */
  readonly queueGroup: string;
  readonly endpoints: readonly ServiceEndpoint[];
}

export interface ServiceEndpoint {
  /** The last word of its subject. */
  readonly name: string;
  readonly description: string;
  /** Takes a request and returns at once; the answer may come later. */
  take(request: ServiceRequest): void;
  /** Our own numbers among the endpoint's statistics. */
  statistics(): object;
}

/** A request as it came. */
export interface ServiceRequest {
  readonly data: Uint8Array;
  /** Null when a line of them is no header. */
  readonly headers: Message['headers'] | null;
  /** The subject that the answer goes to; undefined when the request names none. */
  readonly replyTo: string | undefined;
  /**
   * Sends the answer. A reply that is not waited for is dropped by the broker. Throws when the answer is larger than
   * the broker takes, and when the connection was closed.
   */
  respond(answer: ServiceAnswer): void;
}

export interface ServiceAnswer {
  readonly data: Uint8Array;
  readonly headers: Message['headers'];
  /** The error in the protocol of services; left out of an answer that is none. */
  readonly error?: { readonly code: number; readonly description: string };
}

/** A service while it runs. */
export interface RunningService {
  /** Resolves when it has ended, with the error when it was not told to. A lost connection does not end it. */
  readonly ended: Promise<Error | null>;
  /** Takes no more requests, and resolves when those that have come were taken. The answers may still be sent. */
  stop(): Promise<void>;
}
