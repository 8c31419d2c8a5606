import type { Fact } from '../../contracts/facts.ts';
import { InboxAway, type Inbox } from './inbox.ts';
import type { Broker, Delivery } from '../nats/broker.ts';
import { decodeFact, NotAFact } from './cloud-events.ts';
import type { DeadLetters } from '../dead-letter/dead-letter.ts';
import { reasonOf, type Log } from '../component.ts';
import type { Listener } from './declaration.ts';
import { areThoseBeforeGone } from './gap.ts';
import { createGivingUp, placeOf } from './hand-over-fact.ts';
import { postpone } from './postpone.ts';
import { takeFactsOf } from './take-facts.ts';

/** What handling deliveries needs. */
export interface HandlingOptions {
  readonly listener: Listener;
  readonly inbox: Inbox;
  readonly broker: Pick<Broker, 'held' | 'streamInfo'>;
  /** Where what cannot be taken goes. */
  readonly repair: Pick<DeadLetters, 'handOver'>;
  readonly log: Log;
  /** Lets go of a delivery that was taken; acknowledges it unless something else has to be told first. */
  readonly letGo?: (delivery: Delivery) => Promise<void>;
  /** The case that a delivery was sent back from; of none unless given. */
  readonly caseOf?: (delivery: Pick<Delivery, 'headers'>) => string | undefined;
}

/** Handles deliveries: each is acknowledged after the commit of its effect or after it was handed over, or asked for again later. Nothing here rejects. */
export interface BatchHandler {
  /** Resolves when what can be taken is taken; hand-overs may be under way still. */
  handle(deliveries: readonly Delivery[]): Promise<void>;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

interface Received {
  readonly fact: Fact;
  readonly delivery: Delivery;
}

/** Having come too early so often, it is asked whether the facts before it still exist; and somebody is told. */
const oftenEarly = 3;

/**
 * One transaction for all of a batch; when that fails one for each fact, so that a bad one does not keep the others. A message that is no fact, and a
 * fact that has failed too often, are handed over.
 */
export function createBatchHandler(options: HandlingOptions): BatchHandler {
  const { listener, inbox, broker, log, letGo = (delivery) => delivery.acknowledge() } = options;
  const take = takeFactsOf(listener);
  const givingUp = createGivingUp(options);
  const comeAgain =
    ({ delivery }: Received) =>
    (error: unknown) =>
      givingUp.failed(delivery, error);

  const done = async (received: readonly Received[]): Promise<void> => {
    for (const { delivery } of received) givingUp.forget(delivery);
    const answers = await Promise.allSettled(received.map(({ delivery }) => letGo(delivery)));
    const refused = answers.find((answer) => answer.status === 'rejected');
    // It only means that the facts come again, and are dropped as seen.
    if (refused) log.info({ error: reasonOf(refused.reason) }, 'Acknowledgements were not confirmed');
  };

  const takeAll = async (received: readonly Received[]): Promise<void> => {
    const facts = received.map(({ fact }) => fact);
    const early = await inbox.transaction((tx) => take(tx, facts));
    await done(received.filter(({ fact }) => !early.has(fact.id)));
    for (const one of received) if (early.has(one.fact.id)) await waitForThoseBefore(one).catch(comeAgain(one));
  };

  const waitForThoseBefore = async (one: Received): Promise<void> => {
    const { fact, delivery } = one;
    if (delivery.timesDelivered % oftenEarly !== 0) return postpone(delivery, 'early');
    if (!(await areThoseBeforeGone(fact, delivery, broker))) {
      log.warn(tellOf(one), 'A fact waits for those of its key that come before it');
      return postpone(delivery, 'early');
    }
    log.error(tellOf(one), 'The stream no longer holds the facts before this one: going on without them');
    await inbox.transaction((tx) => take(tx, [fact], new Set([fact.id])));
    await done([one]);
  };

  const handle = async (deliveries: readonly Delivery[]): Promise<void> => {
    const read = deliveries.map(decoded);
    const foreign = read.flatMap((one) => ('error' in one ? [one] : []));
    await Promise.all(foreign.map(({ delivery, error }) => givingUp.noFact(delivery, error)));
    const received = read.flatMap((one) => ('fact' in one ? [one] : []));
    if (received.length === 0) return;
    await takeAll(received).catch(async (error: unknown) => {
      if (error instanceof InboxAway) return postponeAll(received, error, log);
      for (const one of received) await takeAll([one]).catch(comeAgain(one));
    });
  };
  return { handle, settled: () => givingUp.settled() };
}

function decoded(delivery: Delivery): Received | { readonly delivery: Delivery; readonly error: NotAFact } {
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

const tellOf = ({ fact, delivery }: Received) => ({
  fact: fact.id,
  name: fact.name,
  key: fact.key,
  sequence: fact.sequence,
  ...placeOf(delivery),
});
