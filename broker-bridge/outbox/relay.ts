import { claimOutbox, type OutboxClaim } from './claim.ts';
import { factSource, type FactSource } from '../../contracts/facts.ts';
import type { Broker } from '../nats/broker.ts';
import { reasonOf, runComponent, runSessions, type Log, type RunningComponent } from '../component.ts';
import { sleep } from '../waiting.ts';
import { ensureFactStream } from '../nats/our-streams.ts';
import { publishLostAgain } from './lost-facts.ts';
import { publishOutbox } from './publish.ts';

/** The relay reads from one database and publishes to one broker. */
export interface RelayOptions {
  readonly databaseUrl: string;
  readonly broker: Broker;
  /** The `ce-source` of this database's facts, which no other database has; that of the shop's by default. */
  readonly source?: FactSource;
  readonly log: Log;
}

const retryAfter = 500;

/**
 * Starts the only publisher of facts. Of several relays on one database one publishes and the others wait to replace
 * it. Facts are published at least once, and those of one key in sequence: the next one goes when the one before is
 * confirmed. While PostgreSQL or NATS is away the relay waits, and goes on afterwards.
 */
export const startRelay = ({ databaseUrl, source = factSource, broker, log }: RelayOptions): RunningComponent => {
  const warning = 'The relay lost its claim on the outbox, or could not get it; trying again';
  return runComponent('relay', (signal) =>
    runSessions(signal, { log, warning }, async () => {
      const claim = await claimOutbox(databaseUrl, signal);
      if (claim) await publishUnder(claim, { broker, source, log, signal });
    }),
  );
};

interface Session extends Required<Omit<RelayOptions, 'databaseUrl'>> {
  readonly signal: AbortSignal;
}

async function publishUnder(claim: OutboxClaim, session: Session): Promise<void> {
  try {
    const signal = AbortSignal.any([session.signal, claim.lost]);
    await ensureStream({ ...session, signal });
    if (signal.aborted) return;
    const stream = await publishLostAgain({ claim, ...session });
    session.log.info({}, 'The relay publishes');
    await publishOutbox({ claim, stream, ...session });
  } finally {
    await claim.close();
  }
}

/** Tries until the stream of facts is there: nothing can be published without it. */
async function ensureStream({ broker, log, signal }: Session): Promise<void> {
  while (!signal.aborted) {
    await broker.connected(signal);
    try {
      return await ensureFactStream(broker);
    } catch (error) {
      log.warn({ error: reasonOf(error) }, 'The stream of facts cannot be had; trying again');
      await sleep(retryAfter, signal);
    }
  }
}
