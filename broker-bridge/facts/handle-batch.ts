import type { Fact } from '../../contracts/facts.ts';
import { InboxAway, type Inbox } from './inbox.ts';
import { toBinaryMode } from '../cloud-events/content-mode.ts';
import type { Broker, Delivery } from '../nats/broker.ts';
import { decodeFact, NotAFact } from './cloud-events.ts';
import type { DeadLetters } from '../dead-letter/dead-letters.ts';
import { reasonOf, type Log } from '../component.ts';
import { areEarlierGone, createApplyFacts, type ApplyFacts } from './apply-facts.ts';
import { DeadLettering, deliveryDetails, postpone } from './dead-lettering.ts';
import type { Listener } from './listener.ts';

/** A listener's deliveries are applied to its inbox; those that it cannot process go to the dead letters. */
export interface HandlingOptions {
  readonly listener: Listener;
  readonly inbox: Inbox;
  readonly broker: Pick<Broker, 'oldest' | 'message' | 'streamInfo' | 'consumerInfo'>;
  readonly deadLetters: Pick<DeadLetters, 'send'>;
  readonly log: Log;
  /** Finishes a delivery that was applied. Acknowledges it by default. */
  readonly finish?: (delivery: Delivery) => Promise<void>;
  /** The case that a delivery was resubmitted from; none by default. */
  readonly caseOf?: (delivery: Pick<Delivery, 'headers'>) => string | undefined;
}

interface Received {
  readonly fact: Fact;
  readonly delivery: Delivery;
}

/** At every third early delivery of a fact the stream is asked for the facts before it, and a line is logged. */
const lookForEarlierEvery = 3;

/**
 * Applies a batch in one transaction. When that fails, each fact gets a transaction of its own, so that a bad one does
 * not hold up the others. A message that is no fact, and a fact that has failed too often, become dead letters. Each
 * delivery is acknowledged after the commit of its effect or when it is a dead letter, or is asked for again later.
 * Nothing rejects.
 */
export class BatchHandler {
  readonly #options: HandlingOptions;
  readonly #apply: ApplyFacts;
  readonly #deadLettering: DeadLettering;

  constructor(options: HandlingOptions) {
    this.#options = options;
    this.#apply = createApplyFacts(options.listener);
    this.#deadLettering = new DeadLettering(options);
  }

  /** Resolves when everything that can be applied is applied; dead letters may still be under way. */
  async handle(deliveries: readonly Delivery[]): Promise<void> {
    const read = deliveries.map((delivery) => receivedFrom(toBinaryMode(delivery)));
    const foreign = read.flatMap((one) => ('error' in one ? [one] : []));
    await Promise.all(foreign.map(({ delivery, error }) => this.#deadLettering.notAFact(delivery, error)));
    const received = read.flatMap((one) => ('fact' in one ? [one] : []));
    if (received.length === 0) return;
    await this.#applyAll(received).catch(async (error: unknown) => {
      if (error instanceof InboxAway) return postponeAll(received, error, this.#options.log);
      for (const one of received) await this.#orFail(one, this.#applyAll([one]));
    });
  }

  /** Resolves when no dead letter is under way any more. */
  idle(): Promise<void> {
    return this.#deadLettering.idle();
  }

  async #applyAll(received: readonly Received[]): Promise<void> {
    const facts = received.map(({ fact }) => fact);
    const early = await this.#options.inbox.transaction((tx) => this.#apply(tx, facts));
    await this.#finishAll(received.filter(({ fact }) => !early.has(fact.id)));
    for (const one of received) if (early.has(one.fact.id)) await this.#orFail(one, this.#waitForEarlier(one));
  }

  async #waitForEarlier(one: Received): Promise<void> {
    const { listener, inbox, broker, log } = this.#options;
    const { fact, delivery } = one;
    if (delivery.timesDelivered % lookForEarlierEvery !== 0) return postpone(delivery, 'early');
    if (!(await areEarlierGone(fact, delivery, { broker, listener }))) {
      log.warn(receivedDetails(one), 'A fact waits for those of its key that come before it');
      return postpone(delivery, 'early');
    }
    log.error(receivedDetails(one), 'The stream no longer holds the facts before this one: going on without them');
    await inbox.transaction((tx) => this.#apply(tx, [fact], new Set([fact.id])));
    await this.#finishAll([one]);
  }

  async #finishAll(received: readonly Received[]): Promise<void> {
    const { log, finish = (delivery) => delivery.acknowledge() } = this.#options;
    for (const { delivery } of received) this.#deadLettering.applied(delivery);
    const answers = await Promise.allSettled(received.map(({ delivery }) => finish(delivery)));
    const unconfirmed = answers.find((answer) => answer.status === 'rejected');
    // Those facts are only delivered again, and dropped as seen.
    if (unconfirmed) log.info({ error: reasonOf(unconfirmed.reason) }, 'Acknowledgements were not confirmed');
  }

  async #orFail({ delivery }: Received, attempt: Promise<void>): Promise<void> {
    await attempt.catch((error: unknown) => this.#deadLettering.failed(delivery, error));
  }
}

function receivedFrom(delivery: Delivery): Received | { readonly delivery: Delivery; readonly error: NotAFact } {
  try {
    return { delivery, fact: decodeFact(delivery) };
  } catch (error) {
    if (!(error instanceof NotAFact)) throw error;
    return { delivery, error };
  }
}

function postponeAll(received: readonly Received[], error: InboxAway, log: Log): void {
  const details = { error: reasonOf(error), facts: received.length };
  log.warn(details, 'PostgreSQL is away or held up; the facts are asked for again later');
  for (const { delivery } of received) postpone(delivery, 'away');
}

const receivedDetails = ({ fact, delivery }: Received) => ({
  fact: fact.id,
  name: fact.name,
  key: fact.key,
  sequence: fact.sequence,
  ...deliveryDetails(delivery),
});
