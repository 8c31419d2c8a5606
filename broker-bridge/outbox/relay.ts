import { claimOutbox, type OutboxClaim } from './claim.ts';
import type { Broker } from '../nats/broker.ts';
import { reasonOf, type Log } from '../log.ts';
import { rest } from '../rest.ts';
import type { RunningComponent } from '../running-component.ts';
import { ensureFactStream } from '../nats/our-streams.ts';
import { pump } from './pump.ts';

/** What the relay needs. */
export interface RelayOptions {
  readonly databaseUrl: string;
  readonly broker: Broker;
  readonly log: Log;
}

const againAfter = 500;

/**
 * Starts the only publisher of facts. Of several relays on one database one publishes and the others wait to take over. At least once,
 * and of each key in sequence: the next fact goes when the one before is confirmed. With PostgreSQL or NATS away it waits and goes on.
 */
export function startRelay(options: RelayOptions): RunningComponent {
  const end = new AbortController();
  const stopped = relayUntil(end.signal, options);
  return {
    name: 'relay',
    stopped,
    stop() {
      end.abort();
      return stopped;
    },
  };
}

async function relayUntil(signal: AbortSignal, { databaseUrl, broker, log }: RelayOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      const claim = await claimOutbox(databaseUrl, signal);
      if (claim) await publishUnder(claim, { broker, log, signal });
    } catch (error) {
      log.warn({ error: reasonOf(error) }, 'The relay lost its claim on the outbox, or could not get it; trying again');
      await rest(againAfter, signal);
    }
  }
}

async function publishUnder(
  claim: OutboxClaim,
  options: { broker: Broker; log: Log; signal: AbortSignal },
): Promise<void> {
  const { broker, log, signal } = options;
  try {
    await streamReady(options, claim.lost);
    log.info({}, 'The relay publishes');
    await pump({ claim, broker, log, signal });
  } finally {
    await claim.release();
  }
}

/** Asked for as long as it takes: without the stream there is nothing to publish to. */
async function streamReady(
  options: { broker: Broker; log: Log; signal: AbortSignal },
  lost: AbortSignal,
): Promise<void> {
  const { broker, log } = options;
  const signal = AbortSignal.any([options.signal, lost]);
  while (!signal.aborted) {
    await broker.connected(signal);
    try {
      return await ensureFactStream(broker);
    } catch (error) {
      log.warn({ error: reasonOf(error) }, 'The stream of facts cannot be had; trying again');
      await rest(againAfter, signal);
    }
  }
}
