import type { JetStreamClient, JetStreamManager } from 'nats';
import type { Link } from './link.ts';

/** What the broker does its work with. */
export interface NatsClient {
  readonly jetstream: JetStreamClient;
  readonly management: JetStreamManager;
  readonly link: Link;
}
