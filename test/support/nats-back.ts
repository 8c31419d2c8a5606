import type { NatsConnection } from 'nats';
import { until } from './until.ts';

/** Waits until a test's own connection is up again: the client drops what is asked before that. */
export const natsIsBack = (nats: NatsConnection): Promise<true> =>
  until(() => nats.flush().then((): true => true), { within: 30_000, what: 'the connection to NATS' });
