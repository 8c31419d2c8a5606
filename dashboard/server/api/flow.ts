import type { ChannelBrake } from '../../../contracts/channel-brakes.ts';
import type { ShutKey } from '../../../contracts/views.ts';

/** A picture of the whole flow at one moment. An unknown number is null. */
export interface FlowSnapshot {
  readonly at: string;
  /** The customer-event queue; null when NATS does not answer or the queue is not there. */
  readonly queue: CustomerEventFlow | null;
  /** The supplier's deliveries; null when NATS does not answer or their stream is not there. */
  readonly deliveries: QueueFlow | null;
  /** The task queues, processors' and mediators'. */
  readonly channels: readonly ChannelFlow[];
  /** Listeners' consumers on FACTS and on their retry queue. */
  readonly listeners: readonly ListenerFlow[];
  /** Facts that wait for the relay. */
  readonly outbox: OutboxFlow | null;
  readonly classes: readonly ClassFlow[];
  /** The services that do not answer now, one sentence each. */
  readonly unreachable: readonly string[];
}

/**
 * `unpolled`: no worker polls it. `stuck`: work waits for longer than ten seconds and none is taken. `unknown`: there
 * is no reading (yet).
 */
export type Liveness = 'ok' | 'unpolled' | 'stuck' | 'unknown';

export interface QueueFlow {
  readonly stream: string;
  readonly depth: number;
  readonly bytes: number;
  /** Given to a consumer and not acknowledged. */
  readonly inFlight: number;
  /** Not delivered yet. */
  readonly pending: number;
  readonly redelivered: number;
  /** Messages published a second, since the snapshot before. */
  readonly inPerSecond: number | null;
  /** Messages acknowledged a second, since the snapshot before. */
  readonly outPerSecond: number | null;
  /** Age of the oldest message in the queue. */
  readonly oldestSeconds: number | null;
  /** Waiting pulls of its consumers. */
  readonly pollers: number;
  readonly liveness: Liveness;
}

export interface CustomerEventFlow extends QueueFlow {
  /** Events that wait for their turn in PostgreSQL. */
  readonly waiting: number;
}

/** Facts on their way to NATS. */
export interface OutboxFlow {
  /** Facts that were recorded and are not published; counted up to 100,000. */
  readonly depth: number;
  /** Of the facts that can be published. */
  readonly oldestSeconds: number | null;
  /** Facts published a second, since the snapshot before. */
  readonly outPerSecond: number | null;
  /**
   * Never `unpolled`: the relay is known by what it publishes. `stuck`: a fact waits for longer than ten seconds and
   * none is published.
   */
  readonly liveness: Liveness;
  /** The number of keys whose next fact is never taken as it is, and the first of them. Other keys go on. */
  readonly shutKeys: number;
  readonly shut: readonly ShutKey[];
}

export interface ChannelFlow {
  readonly name: string;
  readonly kind: 'mediator' | 'processor' | 'workflow-processor';
  readonly depth: number | null;
  /** Flows under way, of a mediator; null for processors. */
  readonly inFlight: number | null;
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  readonly oldestSeconds: number | null;
  readonly pollers: number | null;
  /** The rate that Temporal was told, in tasks a second; null when it was told none. */
  readonly limitPerSecond: number | null;
  /** The brake of a processor's channel as it is recorded; null when there is none. */
  readonly brake: ChannelBrake | null;
  readonly liveness: Liveness;
}

export interface ListenerFlow {
  readonly name: string;
  /** `FACTS`, or `LISTENER_RETRIES`. */
  readonly stream: string;
  /** False when it has never run here: its consumer is not there, and its numbers are 0. */
  readonly hasRun: boolean;
  /** True while it is to hear nothing; its facts wait. */
  readonly isPaused: boolean;
  readonly depth: number;
  readonly inFlight: number;
  /** Age of the oldest message of the stream that it has not done with; null when nothing waits. */
  readonly oldestSeconds: number | null;
  readonly outPerSecond: number | null;
  readonly pollers: number;
  readonly liveness: Liveness;
}

/** Initiating events of one name, by state. */
export interface ClassFlow {
  readonly event: string;
  readonly mediatorClass: string | null;
  readonly received: number;
  readonly started: number;
  readonly complete: number;
  readonly 'dead-lettered': number;
  readonly repaired: number;
  readonly discarded: number;
}
